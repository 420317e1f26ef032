import { InputView, OutputView } from "../content";
import { useDataset } from "../dataset-context";
import { ExampleLineage } from "../lineage-strip";
import type { ExampleRead } from "../shapes";
import { findingKinds, hasLabels, kinds, sources } from "../words";

import type { Decision } from "./session";

import { When } from "@/components/when";
import { percent } from "@/lib/format";

interface Props {
  of: ExampleRead;
  decision: Decision | undefined;
}

const decisions: Record<Decision["action"], string> = { approve: "Approved", reject: "Rejected", correct: "Corrected" };

/** The example that one decides about. */
export function Card({ of: example, decision }: Props) {
  const { kind } = useDataset();
  const { input, output } = kinds[kind];
  const given = decision?.action === "correct" ? { ...example, output: decision.output, label: typeof decision.output === "string" && hasLabels(kind) ? decision.output : null } : example;
  return (
    <article aria-label="Example" className="rounded-md border border-line bg-surface p-4 sm:p-6">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div className="max-sm:hidden">
          <ExampleLineage of={example} />
        </div>
        <p className="text-sm text-quiet">
          {sources[example.source]} · <When at={example.createdAt} />
        </p>
      </div>
      <h2 className="mt-3 text-sm font-medium text-quiet sm:mt-5">{input}</h2>
      {/* Of one height for most texts, so that the buttons stay under the hand. */}
      <div className="mt-1 min-h-18 text-lg sm:min-h-24">
        <InputView input={example.input} />
      </div>
      <h2 className="mt-3 text-sm font-medium text-quiet sm:mt-5">{output}</h2>
      <div className="mt-1 min-h-12 text-lg font-medium" aria-live="polite">
        <OutputView {...given} />
      </div>
      <p className="mt-4 min-h-5 text-sm text-pretty text-quiet">
        {decision ? <strong className="font-medium text-ink">{decisions[decision.action]}. Press u to take it back.</strong> : <Why of={example} />}
      </p>
    </article>
  );
}

/** Why somebody should look at it. */
function Why({ of: { quality, reasons, findings } }: { of: ExampleRead }) {
  const words = [...findings.map((kind) => findingKinds[kind].toLowerCase()), ...reasons.map((reason) => reason.words)];
  return (
    <>
      Quality {percent(quality)}
      {words.length > 0 && `: ${words.join("; ")}`}
    </>
  );
}
