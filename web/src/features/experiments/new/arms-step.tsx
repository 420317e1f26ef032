import { Plus, Trash2 } from "lucide-react";
import type { ReactNode } from "react";

import { colourOf } from "../colours";
import type { Choice } from "../queries";

import { mayAdd, withArm, withoutArm, wrongPercent, type ArmDraft, type Draft } from "./draft";

import type { ArmKind } from "@/api/experiments";
import { SelectField } from "@/components/form/select-field";
import { TextArea } from "@/components/form/text-area";
import { TextField } from "@/components/form/text-field";
import { Button } from "@/components/ui/button";

interface Props {
  draft: Draft;
  choices: readonly Choice[];
  onChange: (draft: Draft) => void;
}

/** What answers today, and what is tried in its place. */
export function ArmsStep({ draft, choices, onChange }: Props) {
  const set = (place: number, change: Partial<ArmDraft>) => onChange({ ...draft, arms: draft.arms.map((arm, index) => (index === place ? { ...arm, ...change } : arm)) });
  const [control, ...others] = draft.arms;
  return (
    <>
      <ArmFrame place={0} title={`${draft.target} as it answers today`}>
        <Share arm={control} onChange={(share) => set(0, { share })} />
      </ArmFrame>
      {others.map((arm, index) => (
        <ArmFrame key={index} place={index + 1} title={arm.name} onRemove={others.length > 1 ? () => onChange(withoutArm(draft, index + 1)) : undefined}>
          <ArmFields arm={arm} target={draft.target} choices={choices} onChange={(change) => set(index + 1, change)} />
          <Share arm={arm} onChange={(share) => set(index + 1, { share })} />
        </ArmFrame>
      ))}
      {mayAdd(draft) && (
        <Button onClick={() => onChange(withArm(draft))}>
          <Plus aria-hidden="true" /> Try another one, too
        </Button>
      )}
    </>
  );
}

function ArmFrame({ place, title, onRemove, children }: { place: number; title: string; onRemove?: (() => void) | undefined; children: ReactNode }) {
  return (
    <fieldset className="min-w-0 space-y-4 rounded-md border border-line p-4 pt-3">
      <legend className="sr-only">{title}</legend>
      <p className="flex items-center gap-2">
        <span aria-hidden="true" className="size-2.5 shrink-0 rounded-sm" style={{ backgroundColor: colourOf(place) }} />
        <span className="min-w-0 flex-1 truncate font-medium">{title}</span>
        {onRemove && (
          <Button look="quiet" className="w-8 px-0" aria-label={`Remove ${title}`} title="Remove" onClick={onRemove}>
            <Trash2 aria-hidden="true" />
          </Button>
        )}
      </p>
      {children}
    </fieldset>
  );
}

function Share({ arm, onChange }: { arm: ArmDraft | undefined; onChange: (share: string) => void }) {
  return <TextField label="Share" unit="%" help="Of those who take part." inputMode="decimal" autoComplete="off" value={arm?.share ?? ""} check={wrongPercent} onChange={onChange} />;
}

const ways: { value: ArmKind; label: string }[] = [
  { value: "model", label: "Another model" },
  { value: "route", label: "Another route" },
  { value: "version", label: "Another version of it" },
  { value: "prompt", label: "The same with another system prompt" },
];

interface FieldsProps {
  arm: ArmDraft;
  target: string;
  choices: readonly Choice[];
  onChange: (change: Partial<ArmDraft>) => void;
}

function ArmFields({ arm, target, choices, onChange }: FieldsProps) {
  const offered = ways.filter(({ value }) => value === "prompt" || value === arm.kind || refsOf(value, target, choices).length > 0);
  return (
    <>
      <SelectField label="Answers with" value={arm.kind} options={offered} onChange={(kind) => onChange({ kind: kind as ArmKind, ref: "" })} />
      {arm.kind === "prompt" ? (
        <TextArea label="System prompt" help="In the place of the one that the client sends." rows={5} maxLength={20_000} value={arm.prompt} onChange={(prompt) => onChange({ prompt })} />
      ) : (
        <SelectField label={arm.kind === "version" ? "Version" : arm.kind === "route" ? "Route" : "Model"} value={arm.ref} placeholder="Choose one" options={refsOf(arm.kind, target, choices)} onChange={(ref) => onChange({ ref })} />
      )}
    </>
  );
}

function refsOf(kind: ArmKind, target: string, choices: readonly Choice[]) {
  const others = choices.filter(({ name }) => name !== target);
  const names =
    kind === "version"
      ? (choices.find((each) => each.name === target && each.kind === "trained")?.versions ?? [])
      : others.filter((each) => (each.kind === "route") === (kind === "route")).map(({ name }) => name);
  return names.map((name) => ({ value: name, label: name }));
}
