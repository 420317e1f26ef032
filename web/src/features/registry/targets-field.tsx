import { Plus, Trash2 } from "lucide-react";

import { shares, weightFault, type TargetDraft } from "./draft";
import { weighed } from "./policies";
import { ShareBar, Swatch } from "./share-bar";

import type { ModelRead, Policy } from "@/api/schema.gen";
import { errorAt } from "@/components/form/errors";
import { FieldError } from "@/components/form/field";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { percent } from "@/lib/format";

interface Props {
  policy: Policy;
  targets: readonly TargetDraft[];
  models: readonly ModelRead[];
  error: Error | null;
  /** What the server would refuse. */
  problems: readonly string[];
  onChange: (targets: TargetDraft[]) => void;
}

/** The models that share a route's calls, and how much each one gets. */
export function TargetsField({ policy, targets, models, error, problems, onChange }: Props) {
  const parts = shares(targets);
  const shared = policy === "weighted";
  const free = models.filter(({ name }) => !targets.some(({ model }) => model === name));
  const set = (place: number, change: Partial<TargetDraft>) =>
    onChange(targets.map((target, index) => (index === place ? { ...target, ...change } : target)));

  return (
    <fieldset className="min-w-0">
      <legend className="font-medium">Targets</legend>
      <p className="mt-1 text-xs text-pretty text-quiet">
        Each call goes to one of them.
        {weighed(policy) && " Weights may be on any scale: 2 and 1 are two thirds and one third."}
      </p>
      {shared && <ShareBar className="mt-3 h-3" parts={targets.map(({ model }, index) => ({ model, share: parts[index] ?? 0 }))} />}
      <ul className="mt-2 space-y-2">
        {targets.map((target, place) => (
          <Target
            key={place}
            target={target}
            place={place}
            share={shared ? (parts[place] ?? 0) : null}
            weighed={weighed(policy)}
            options={models.map(({ name }) => name).filter((name) => name === target.model || free.some((each) => each.name === name))}
            alone={targets.length === 1}
            error={errorAt(error, `targets.${place}`)}
            onChange={(change) => set(place, change)}
            onRemove={() => onChange(targets.filter((_, index) => index !== place))}
          />
        ))}
      </ul>
      {problems.map((problem) => (
        <FieldError key={problem}>{problem}</FieldError>
      ))}
      <Button className="mt-3" disabled={free.length === 0} onClick={() => onChange([...targets, { model: free[0]?.name ?? "", weight: "1" }])}>
        <Plus aria-hidden="true" /> {free.length === 0 ? "Every model is a target" : "Add a target"}
      </Button>
    </fieldset>
  );
}

interface TargetProps {
  target: TargetDraft;
  place: number;
  /** Null where weights do not say it. */
  share: number | null;
  weighed: boolean;
  options: readonly string[];
  alone: boolean;
  error: string | null;
  onChange: (change: Partial<TargetDraft>) => void;
  onRemove: () => void;
}

function Target({ target, place, share, weighed: heavy, options, alone, error, onChange, onRemove }: TargetProps) {
  const { model, weight } = target;
  const fault = weightFault(weight) ?? error;
  const known = options.includes(model) || model === "" ? options : [model, ...options];
  return (
    <li>
      <div className="flex items-center gap-2">
        <Swatch model={model} />
        <Select
          className="min-w-0 flex-1"
          aria-label={`Model of target ${place + 1}`}
          value={model}
          placeholder="Choose a model"
          options={known.map((name) => ({ value: name, label: name }))}
          onChange={(next) => onChange({ model: next })}
        />
        {heavy && (
          <span className="w-16 shrink-0 sm:w-24">
            <Input
              className="text-right"
              inputMode="decimal"
              aria-label={`Weight of ${model || `target ${place + 1}`}`}
              aria-invalid={fault !== null}
              aria-describedby={fault ? `target-${place}-error` : undefined}
              value={weight}
              onChange={(event) => onChange({ weight: event.target.value })}
            />
          </span>
        )}
        {share !== null && <output className="w-11 shrink-0 text-right text-sm text-quiet">{percent(share)}</output>}
        <Button look="quiet" className="w-8 px-0" disabled={alone} aria-label={`Remove ${model || "this target"}`} title="Remove" onClick={onRemove}>
          <Trash2 aria-hidden="true" />
        </Button>
      </div>
      {fault && <FieldError id={`target-${place}-error`}>{fault}</FieldError>}
    </li>
  );
}
