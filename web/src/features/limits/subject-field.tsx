import type { LimitDraft } from "./draft";
import { useSubjects } from "./queries";
import { SUBJECTS } from "./routes";
import { subjects } from "./words";

import type { Subject } from "@/api/schema.gen";
import { errorAt } from "@/components/form/errors";
import { SelectField } from "@/components/form/select-field";
import { TextField } from "@/components/form/text-field";

type Part = Exclude<Subject, "organization">;

const counted: Record<Subject, string> = {
  organization: "Every call counts.",
  team: "Calls with the team's keys count, and those of the people in it.",
  person: "Calls of the person count, and those with their keys.",
  key: "Calls with this key count.",
  route: "Calls that name this route count.",
  model: "A model that is used up is passed over: the call goes on to the route's next target.",
};

interface Props {
  draft: LimitDraft;
  error: Error | null;
  onChange: (draft: LimitDraft) => void;
}

/** What a limit is to be on: its kind, then which one. */
export function SubjectField({ draft, error, onChange }: Props) {
  const { kind } = draft;
  return (
    <>
      <SelectField
        label="On"
        help={counted[kind]}
        value={kind}
        options={SUBJECTS.map((value) => ({ value, label: value === "organization" ? "The whole organization" : `A ${subjects[value].toLowerCase()}` }))}
        onChange={(next) => onChange({ ...draft, kind: next as Subject, id: "", name: "" })}
      />
      {kind !== "organization" && <Which key={kind} kind={kind} draft={draft} error={error} onChange={onChange} />}
    </>
  );
}

function Which({ kind, draft, error, onChange }: Props & { kind: Part }) {
  const { choices, waiting } = useSubjects(kind);
  const wrong = errorAt(error, "subject");
  if (waiting || choices) {
    return (
      <SelectField
        label={subjects[kind]}
        value={draft.id}
        placeholder={waiting ? "Loading…" : choices?.length === 0 ? `There is no ${kind} yet` : `Choose a ${kind}`}
        options={(choices ?? []).map(({ id, name, email }) => ({ value: id, label: email === undefined ? name : `${name} (${email})` }))}
        error={wrong}
        disabled={waiting}
        onChange={(id) => onChange({ ...draft, id })}
      />
    );
  }
  return (
    <TextField
      label={kind === "person" ? "E-mail address" : "Name"}
      help={kind === "person" ? "The one that they sign in with." : `What the ${kind} is called.`}
      value={draft.name}
      maxLength={320}
      autoCapitalize="off"
      spellCheck={false}
      error={wrong}
      onChange={(name) => onChange({ ...draft, name })}
    />
  );
}
