import { useNavigate } from "@tanstack/react-router";

import type { DatasetRead, ImportedRead } from "../shapes";

import { Button } from "@/components/ui/button";
import { count, plural } from "@/lib/format";
import { paths } from "@/lib/paths";

/** What came of a file: how much was added, and which lines were refused, with why. */
export function Outcome({ of: { lines, added, duplicates, contradictions, refused, problems } }: { of: ImportedRead }) {
  const others = [
    duplicates > 0 && `${plural(duplicates, "line was", "lines were")} there already and ${duplicates === 1 ? "is" : "are"} not kept twice.`,
    contradictions > 0 && `${plural(contradictions, "input has", "inputs have")} another output in this dataset: all of them go to review.`,
    refused > 0 && `${plural(refused, "line was", "lines were")} refused; the rest is in.`,
  ].filter(Boolean);
  return (
    <>
      <p role="status">
        <span className="text-figure font-semibold tracking-tight">{count(added)}</span> <span className="text-quiet">of {plural(lines, "line")} added</span>
      </p>
      {others.length > 0 && (
        <ul className="space-y-1">
          {others.map((words) => (
            <li key={String(words)}>{words}</li>
          ))}
        </ul>
      )}
      {problems.length > 0 && (
        <section aria-labelledby="refused">
          <h3 id="refused" className="font-medium">
            {refused > problems.length ? `The first ${count(problems.length)} refused lines` : "Refused lines"}
          </h3>
          <ul className="mt-1 max-h-60 overflow-y-auto text-sm" tabIndex={0} aria-label="Refused lines with the reason of each">
            {problems.map(({ line, reason }) => (
              <li key={line} className="flex gap-3 border-t border-line py-2">
                <span className="w-16 shrink-0 text-quiet">Line {count(line)}</span>
                <span className="min-w-0 wrap-anywhere">{reason}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

interface ButtonsProps {
  dataset: DatasetRead;
  outcome: ImportedRead;
  onAnother: () => void;
  onClose: () => void;
}

/** What one does next. */
export function OutcomeButtons({ dataset: { id, pending }, outcome: { added }, onAnother, onClose }: ButtonsProps) {
  const navigate = useNavigate();
  return (
    <>
      <Button onClick={onAnother}>Import another file</Button>
      {added > 0 && pending > 0 ? (
        <>
          <Button onClick={onClose}>See the examples</Button>
          <Button look="primary" autoFocus onClick={() => void navigate({ to: paths.datasetReview, params: { datasetId: id } })}>
            Review them
          </Button>
        </>
      ) : (
        <Button look="primary" autoFocus onClick={onClose}>
          Done
        </Button>
      )}
    </>
  );
}
