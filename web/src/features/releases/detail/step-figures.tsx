import { planned, unitsIn } from "../words";

import { FigureCell } from "./figure-cell";
import { VerdictMark, verdictWords } from "./verdict";

import type { Release, ReleaseStepFigures } from "@/api/releases";
import { Cell, Head, Row, Table } from "@/components/ui/table";
import { plural } from "@/lib/format";
import { outcomeName, OUTCOMES } from "@/lib/outcomes";

/** Each step by itself: who met which version in it, and what became of every guardrail. */
export function StepFigures({ of: { byStep, plan, strategy } }: { of: Release }) {
  // One step without a guardrail has nothing that does not stand side by side below.
  if (byStep.length < 2 && byStep.every(({ guardrails }) => guardrails.length === 0)) return null;
  const candidate = strategy === "shadow" ? "Shadow" : "Candidate";
  return (
    <section aria-labelledby="by-step" className="min-w-0">
      <h2 id="by-step" className="text-lg font-semibold">
        Step by step
      </h2>
      <p className="mt-1 max-w-prose text-sm text-pretty text-quiet">What each step came to by itself. What is decided is decided over all of them together.</p>
      <div className="mt-2 overflow-x-auto" tabIndex={0} role="region" aria-label="Figures of each step">
        <Table>
          <thead>
            <tr>
              <Head>Guardrail</Head>
              <Head numeric>Live</Head>
              <Head numeric>{candidate}</Head>
              <Head className="sm:w-48">
                <span className="max-sm:sr-only">Verdict</span>
              </Head>
            </tr>
          </thead>
          {byStep.map((step) => (
            <Step key={step.step} of={step} unit={plan.unit} candidate={candidate.toLowerCase()} />
          ))}
        </Table>
      </div>
    </section>
  );
}

function Step({ of: { step, share, against, live, candidate: met, guardrails }, unit, candidate }: { of: ReleaseStepFigures; unit: Release["plan"]["unit"]; candidate: string }) {
  const told = (who: string, { units, operations }: ReleaseStepFigures["live"]) => `${who}: ${unitsIn(units, unit)}, ${plural(operations, "call")}`;
  return (
    <tbody>
      <tr className="border-t border-line">
        <th scope="rowgroup" colSpan={4} className="pt-3 pb-1 text-left font-medium">
          Step {step + 1}: {candidate === "shadow" ? "copies" : planned(share)}
          <span className="block text-xs font-normal text-pretty text-quiet">
            {against === "the live version" ? `${told("live", live)} · ${told(candidate, met)}` : `${told(candidate, met)}, held against ${against}`}
          </span>
        </th>
      </tr>
      {guardrails.map(({ metric, state, words, live: before, candidate: now }) => (
        <Row key={metric}>
          <Cell className="whitespace-normal" title={OUTCOMES[metric]?.help}>
            {outcomeName(metric)}
          </Cell>
          <Cell numeric className="py-1">
            <FigureCell metric={metric} of={before} />
          </Cell>
          <Cell numeric className="py-1">
            <FigureCell metric={metric} of={now} />
          </Cell>
          <Cell title={words}>
            <span className="flex items-center gap-1.5">
              <VerdictMark state={state} />
              <span className="max-sm:sr-only">{verdictWords(state)}</span>
            </span>
          </Cell>
        </Row>
      ))}
    </tbody>
  );
}
