import { Plus, Trash2 } from "lucide-react";

import { PARTS } from "../words";

import { wrongPercent, type GuardDraft } from "./draft";
import { Amount } from "./step-fields";

import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/select";
import { outcomeInWords, outcomeName } from "@/lib/outcomes";

interface Props {
  guards: readonly GuardDraft[];
  onChange: (guards: GuardDraft[]) => void;
}

const METRICS: readonly GuardDraft["metric"][] = ["error_rate", "latency_ms", "rating", "positive_feedback", "accuracy", "resolved", "cost_usd", "tokens"];

/** A margin is read as what it is of: of speed and cost a part, of shares points, of ratings stars. */
const unitOf = (metric: GuardDraft["metric"]): string => (metric === "rating" ? "stars" : PARTS.includes(metric) ? "% worse" : "points worse");

/** What must not get worse, by how much it may all the same, and what happens then. */
export function GuardFields({ guards, onChange }: Props) {
  const free = METRICS.filter((metric) => !guards.some((guard) => guard.metric === metric));
  const set = (place: number, change: Partial<GuardDraft>) => onChange(guards.map((guard, index) => (index === place ? { ...guard, ...change } : guard)));
  const [first] = free;
  return (
    <fieldset className="min-w-0">
      <legend className="font-medium">Guardrails</legend>
      <p className="mt-1 text-xs text-pretty text-quiet">Beyond this it is more than chance, and more than one bears: then it goes back by itself, or holds.</p>
      <ul className="mt-2 divide-y divide-line border-y border-line">
        {guards.map(({ metric, percent, action }, place) => (
          <li key={metric} className="flex flex-wrap items-center gap-x-3 gap-y-2 py-2 text-sm">
            <Select className="min-w-40 flex-1" aria-label={`Guardrail ${place + 1}`} value={metric} options={METRICS.filter((each) => each === metric || free.includes(each)).map((each) => ({ value: each, label: outcomeName(each) }))} onChange={(next) => set(place, { metric: next as GuardDraft["metric"] })} />
            <Amount label={`How much worse ${outcomeInWords(metric)} may get`} unit={unitOf(metric)} value={percent} wrong={wrongPercent(percent, 0, 1000)} onChange={(next) => set(place, { percent: next })} />
            <Select className="w-36" aria-label={`What harm to ${outcomeInWords(metric)} does`} value={action} options={[{ value: "rollback", label: "goes back" }, { value: "hold", label: "holds" }]} onChange={(next) => set(place, { action: next as GuardDraft["action"] })} />
            <Button look="quiet" className="w-8 px-0" aria-label={`Remove the guardrail ${outcomeInWords(metric)}`} title="Remove" onClick={() => onChange(guards.filter((_, index) => index !== place))}>
              <Trash2 aria-hidden="true" />
            </Button>
          </li>
        ))}
      </ul>
      {first && (
        <Button className="mt-3" onClick={() => onChange([...guards, { metric: first, percent: PARTS.includes(first) ? "20" : "2", action: "rollback" }])}>
          <Plus aria-hidden="true" /> Add a guardrail
        </Button>
      )}
    </fieldset>
  );
}
