import { answersWith, methods } from "../words";

import { STEPS, type Draft, type Step } from "./draft";

import { Button } from "@/components/ui/button";
import { outcomeInWords } from "@/lib/outcomes";

/** Everything that was chosen, in sentences, each with a way back to it. */
export function ReviewStep({ draft, onGo }: { draft: Draft; onGo: (step: Step) => void }) {
  const told = words(draft);
  return (
    <dl className="divide-y divide-line border-y border-line text-sm">
      {STEPS.slice(0, -1).map((step) => (
        <div key={step} className="grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-4 py-2.5 sm:grid-cols-[7rem_minmax(0,1fr)_auto]">
          <dt className="text-quiet max-sm:col-span-2">{step}</dt>
          <dd className="min-w-0 space-y-0.5 text-pretty wrap-anywhere">
            {told[step].map((each) => (
              <p key={each}>{each}</p>
            ))}
          </dd>
          <dd>
            <Button look="quiet" className="px-2" aria-label={`Change ${step.toLowerCase()}`} onClick={() => onGo(step)}>
              Change
            </Button>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function words(draft: Draft): Record<Step, string[]> {
  const { name, hypothesis, target, arms, primary, guardrails, secondary, unit, coverage, effect, method, alpha, mode } = draft;
  const whose = unit === "user" ? "person" : "conversation";
  return {
    Question: [name, `Calls of ${target}.`, hypothesis].filter(Boolean),
    Arms: arms.map((arm) => `${arm.share} % ${arm.name}: ${answersWith({ ...arm, ref: arm.ref || null, prompt: arm.kind === "prompt" ? arm.prompt : null }, target)}.`),
    Measures: [
      `${outcomeInWords(primary)} decides.`.replace(/^./, (first) => first.toUpperCase()),
      ...Object.entries(guardrails).map(([key, margin]) => `${outcomeInWords(key)} may get worse by ${margin} % at most.`.replace(/^./, (first) => first.toUpperCase())),
      secondary.length > 0 ? `Also looked at: ${secondary.map(outcomeInWords).join(", ")}.` : "",
    ].filter(Boolean),
    Audience: [coverage === "100" ? `Every ${whose} takes part, and stays with an arm.` : `${coverage} of 100 take part; each ${whose} stays with an arm.`],
    Duration: [
      `A change of ${effect} % is to be found; chance may fool you ${alpha === "0.01" ? "1 time in 100" : alpha === "0.05" ? "1 time in 20" : "1 time in 10"}.`,
      `${methods[method].name}.`,
      mode === "bandit" ? "What does better gets more as it goes." : "",
    ].filter(Boolean),
    Review: [],
  };
}
