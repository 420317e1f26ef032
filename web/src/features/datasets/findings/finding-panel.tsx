import { Check, X } from "lucide-react";

import { InputView, Label, OutputView } from "../content";
import { useDataset } from "../dataset-context";
import { ExampleLineage } from "../lineage-strip";
import { StatusMark } from "../marks";
import type { ExampleRead, FindingRead, Span } from "../shapes";
import { findingKinds, kinds, sources, splits } from "../words";

import { about, applyWords, isApplicable, keptOf, scoreWords, spansOf } from "./words";

import { Failure } from "@/components/failure";
import { Permitted } from "@/components/permitted";
import { SidePanel } from "@/components/side-panel";
import { Button } from "@/components/ui/button";
import { When } from "@/components/when";
import { percent } from "@/lib/format";

interface Props {
  of: FindingRead;
  busy: boolean;
  error: Error | null;
  onSettle: (action: "apply" | "dismiss") => void;
  onClose: () => void;
  onNext: (() => void) | null;
  onPrevious: (() => void) | null;
}

const settled = { applied: "Applied", dismissed: "Dismissed" };

/** What a check found: the examples side by side, and what to do about them. */
export function FindingPanel({ of: finding, busy, error, onSettle, ...walk }: Props) {
  const { kind, state, reason, label, suggestion, examples, decidedAt } = finding;
  const spans = spansOf(finding);
  const kept = keptOf(examples);
  return (
    <SidePanel title={`${findingKinds[kind]} ${finding.id}`} of={finding.id} {...walk}>
      <h2 className="text-lg font-semibold">
        {findingKinds[kind]} <span className="text-sm font-normal text-quiet">{scoreWords(finding)}</span>
      </h2>
      <p className="max-w-[72ch] text-pretty text-quiet">{reason === "" ? about[kind] : reason}</p>
      {suggestion === "relabel" && label !== null && <Relabelling from={examples[0]?.label ?? null} to={label} score={finding.score} />}
      {error && <Failure title="It was not done" error={error} className="mt-4" />}
      {state === "open" ? (
        <Permitted to="datasets:write">
          <Choices of={finding} busy={busy} onSettle={onSettle} />
        </Permitted>
      ) : (
        <p className="mt-4 font-medium">
          {settled[state]} {decidedAt !== null && <When at={decidedAt} />}
        </p>
      )}
      <ol className={examples.length > 1 ? "mt-6 grid gap-4 md:grid-cols-2" : "mt-6"}>
        {examples.map((example) => (
          <li key={example.id}>
            <Side of={example} spans={spans} note={suggestion === "merge" ? (example === kept ? "kept" : "goes") : null} />
          </li>
        ))}
      </ol>
    </SidePanel>
  );
}

function Relabelling({ from, to, score }: { from: string | null; to: string; score: number }) {
  return (
    <dl className="mt-4 grid max-w-md grid-cols-2 gap-4">
      <div>
        <dt className="text-sm text-quiet">Given</dt>
        <dd className="text-lg">{from === null ? "none" : <Label name={from} />}</dd>
      </div>
      <div>
        <dt className="text-sm text-quiet">Suggested, {percent(score)} sure</dt>
        <dd className="text-lg font-medium">
          <Label name={to} />
        </dd>
      </div>
    </dl>
  );
}

function Choices({ of: finding, busy, onSettle }: Pick<Props, "of" | "busy" | "onSettle">) {
  return (
    <div className="mt-4 flex flex-wrap items-center gap-2">
      {isApplicable(finding) && (
        <Button look="primary" disabled={busy} onClick={() => onSettle("apply")}>
          <Check aria-hidden="true" /> {applyWords(finding)}
        </Button>
      )}
      <Button disabled={busy} onClick={() => onSettle("dismiss")}>
        <X aria-hidden="true" /> Dismiss
      </Button>
      <p className="text-xs text-quiet">{isApplicable(finding) ? "a applies, d dismisses, j goes on." : "Change the examples themselves; d dismisses, j goes on."}</p>
    </div>
  );
}

/** One of the examples that it is about. */
function Side({ of: example, spans, note }: { of: ExampleRead; spans: Span[]; note: string | null }) {
  const { kind } = useDataset();
  return (
    <article aria-label={`Example ${example.id}`} className="h-full rounded-md border border-line bg-surface p-3">
      <p className="flex flex-wrap justify-between gap-2 text-sm text-quiet">
        <StatusMark of={example.status} />
        <span>
          {sources[example.source]}
          {example.split !== null && `, ${splits[example.split].toLowerCase()}`}
          {note !== null && <strong className="font-medium text-ink">, {note}</strong>}
        </span>
      </p>
      <div className="mt-3">
        <InputView input={example.input} spans={spans} />
      </div>
      <h3 className="mt-3 text-sm text-quiet">{kinds[kind].output}</h3>
      <OutputView {...example} />
      <div className="mt-3 border-t border-line pt-2">
        <ExampleLineage of={example} name={`example ${example.id}`} />
      </div>
    </article>
  );
}
