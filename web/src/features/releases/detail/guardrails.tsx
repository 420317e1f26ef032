import { marginOf } from "../words";

import { VerdictMark, verdictWords } from "./verdict";

import type { GuardrailState, Release } from "@/api/releases";
import { Whisker } from "@/components/evidence/whisker";
import { outcomeChange, outcomeInterval, outcomeName } from "@/lib/outcomes";

/** What must not get worse, each with what was measured and what happens if it does. */
export function Guardrails({ of: { guardrails } }: { of: Release }) {
  return (
    <section aria-labelledby="guardrails" className="min-w-0">
      <h2 id="guardrails" className="text-lg font-semibold">
        Guardrails
      </h2>
      {guardrails.length === 0 ? (
        <p className="mt-2 text-quiet">None is set: it goes on by people and time alone.</p>
      ) : (
        <ul aria-label="Guardrails" className="mt-2 text-sm">
          {guardrails.map((guardrail) => (
            <One key={guardrail.metric} of={guardrail} />
          ))}
        </ul>
      )}
    </section>
  );
}

function One({ of: { metric, state, margin, action, words, difference, low, high, direction } }: { of: GuardrailState }) {
  return (
    <li className="flex gap-2.5 border-t border-line py-2">
      <VerdictMark state={state} className="mt-0.5" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-baseline justify-between gap-x-4">
          <span className="font-medium">
            {outcomeName(metric)}
            <span className="sr-only">: {verdictWords(state)}</span>
          </span>
          <span className="text-xs text-quiet">
            {marginOf(metric, margin)}, else it {action === "rollback" ? "goes back" : "holds"}
          </span>
        </p>
        <p className="text-pretty wrap-anywhere text-quiet first-letter:uppercase">{words}</p>
        {difference !== null && <Interval {...{ metric, difference, low, high, direction }} />}
      </div>
    </li>
  );
}

function Interval({ metric, difference, low, high, direction }: Pick<GuardrailState, "metric" | "low" | "high" | "direction"> & { difference: number }) {
  const reach = Math.max(Math.abs(difference), Math.abs(low ?? 0), Math.abs(high ?? 0)) * 1.1 || 1;
  const words = low === null || high === null ? outcomeChange(metric, difference) : outcomeInterval(metric, low, high);
  return (
    <div className="mt-1 flex items-center gap-3 text-xs text-quiet">
      <span className="w-40 max-w-[40%] shrink-0">
        <Whisker difference={difference} low={low} high={high} reach={reach} words={words} better={direction} />
      </span>
      <span aria-hidden="true">{words}</span>
    </div>
  );
}
