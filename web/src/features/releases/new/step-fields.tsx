import { Plus, Trash2 } from "lucide-react";

import { wrongCount, wrongPercent, type StepDraft } from "./draft";

import type { ReleaseStrategy } from "@/api/releases";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";

interface Props {
  steps: readonly StepDraft[];
  strategy: ReleaseStrategy;
  onChange: (steps: StepDraft[]) => void;
}

const MOST = 20;

/** The steps, each with how many get it and what it waits for. */
export function StepFields({ steps, strategy, onChange }: Props) {
  const shared = strategy === "canary" || strategy === "gradual";
  const set = (place: number, change: Partial<StepDraft>) => onChange(steps.map((step, index) => (index === place ? { ...step, ...change } : step)));
  const last = steps.at(-1);
  return (
    <fieldset className="min-w-0">
      <legend className="font-medium">Steps</legend>
      <p className="mt-1 text-xs text-pretty text-quiet">A step ends when both are there: so many people have had it, and so much time has passed.</p>
      <ol className="mt-2 divide-y divide-line border-y border-line">
        {steps.map((step, place) => (
          <li key={place} className="flex flex-wrap items-center gap-x-3 gap-y-2 py-2 text-sm">
            <span className="w-4 text-quiet">{place + 1}</span>
            {shared && <Amount label={`Share of step ${place + 1}`} unit="%" value={step.percent} wrong={wrongPercent(step.percent, 0.01)} onChange={(percent) => set(place, { percent })} />}
            <Amount label={`People of step ${place + 1}`} unit="people" value={step.units} wrong={wrongCount(step.units)} onChange={(units) => set(place, { units })} />
            <Amount label={`Minutes of step ${place + 1}`} unit="min" value={step.minutes} wrong={wrongCount(step.minutes)} onChange={(minutes) => set(place, { minutes })} />
            <label className="flex items-center gap-2">
              <span className="hit inline-flex size-4">
                <input type="checkbox" className="relative z-1 size-4 accent-accent" checked={step.approval} onChange={(event) => set(place, { approval: event.target.checked })} />
              </span>
              ask me
            </label>
            <Button look="quiet" className="ml-auto w-8 px-0" disabled={steps.length === 1} aria-label={`Remove step ${place + 1}`} title="Remove" onClick={() => onChange(steps.filter((_, index) => index !== place))}>
              <Trash2 aria-hidden="true" />
            </Button>
          </li>
        ))}
      </ol>
      {shared && (
        <Button className="mt-3" disabled={steps.length >= MOST} onClick={() => onChange([...steps, { percent: next(last?.percent), units: last?.units ?? "", minutes: last?.minutes ?? "10", approval: false }])}>
          <Plus aria-hidden="true" /> Add a step
        </Button>
      )}
    </fieldset>
  );
}

/** Twice as many, and no more than all. */
const next = (percent: string | undefined): string => String(Math.min(100, 2 * (Number(percent) || 5)));

interface AmountProps {
  label: string;
  unit: string;
  value: string;
  wrong: string | null;
  onChange: (value: string) => void;
}

export function Amount({ label, unit, value, wrong, onChange }: AmountProps) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <span className="w-16">
        <Input className="px-2 text-right" inputMode="decimal" aria-label={label} aria-invalid={wrong !== null} title={wrong ?? undefined} value={value} placeholder="0" autoComplete="off" onChange={(event) => onChange(event.target.value)} />
      </span>
      <span className="whitespace-nowrap text-quiet">{unit}</span>
    </span>
  );
}
