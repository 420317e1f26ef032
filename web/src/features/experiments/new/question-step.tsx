import type { Choice } from "../queries";

import { withTarget, type Draft } from "./draft";

import { SelectField } from "@/components/form/select-field";
import { TextArea } from "@/components/form/text-area";
import { TextField } from "@/components/form/text-field";

interface Props {
  draft: Draft;
  choices: readonly Choice[];
  onChange: (draft: Draft) => void;
}

const kinds: Record<Choice["kind"], string> = { route: "route", model: "model", trained: "trained here" };

/** What it is about: a name, what one expects, and the calls that are split. */
export function QuestionStep({ draft, choices, onChange }: Props) {
  const chosen = choices.findIndex(({ name }) => name === draft.target);
  return (
    <>
      <TextField label="Name" help="What others will find it by." value={draft.name} placeholder="A shorter prompt" autoComplete="off" maxLength={120} check={(name) => (name.trim() === "" ? "It needs a name." : null)} onChange={(name) => onChange({ ...draft, name })} />
      <SelectField
        label="Calls of"
        help="What your applications call. Nothing has to be changed in them."
        value={chosen === -1 ? "" : String(chosen)}
        placeholder="Choose a route or a model"
        options={choices.map(({ name, kind }, index) => ({ value: String(index), label: `${name} · ${kinds[kind]}` }))}
        onChange={(place) => {
          const choice = choices[Number(place)];
          if (choice) onChange(withTarget(draft, choice));
        }}
      />
      <TextArea label="What you expect" optional help="Written down before, so that nobody can say afterwards that it was expected all along." value={draft.hypothesis} maxLength={4000} onChange={(hypothesis) => onChange({ ...draft, hypothesis })} />
    </>
  );
}
