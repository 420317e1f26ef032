import { useState } from "react";

import { nameFault, namesIn } from "./draft";
import type { DatasetDraft } from "./queries";
import { KINDS } from "./routes";
import type { Kind } from "./shapes";
import { kinds } from "./words";

import { errorAt } from "@/components/form/errors";
import { SelectField } from "@/components/form/select-field";
import { TextField } from "@/components/form/text-field";

interface Props {
  draft: DatasetDraft;
  error: Error | null;
  onChange: (draft: DatasetDraft) => void;
  /** A dataset stays of its kind. */
  fixed?: boolean;
}

/** What a dataset is: its name, what is learned from it, and where examples come from by themselves. */
export function DraftFields({ draft, error, onChange, fixed = false }: Props) {
  const [collects, setCollects] = useState(draft.collects.join(", "));
  return (
    <>
      <TextField
        label="Name"
        help="Programs call it so: tickets, support-answers."
        mono
        value={draft.name}
        autoComplete="off"
        spellCheck={false}
        check={nameFault}
        error={errorAt(error, "name")}
        onChange={(name) => onChange({ ...draft, name })}
      />
      {!fixed && (
        <SelectField
          label="Holds"
          help={kinds[draft.kind].help}
          value={draft.kind}
          options={KINDS.map((value) => ({ value, label: kinds[value].label }))}
          error={errorAt(error, "kind")}
          onChange={(kind) => onChange({ ...draft, kind: kind as Kind })}
        />
      )}
      <TextField
        label="Collects corrections of"
        help="Models or routes: answers of theirs that people correct come in by themselves, within half a minute."
        optional
        mono
        value={collects}
        autoComplete="off"
        spellCheck={false}
        error={errorAt(error, "collects")}
        onChange={(text) => {
          setCollects(text);
          onChange({ ...draft, collects: namesIn(text) });
        }}
      />
      <TextField
        label="Description"
        optional
        value={draft.description}
        error={errorAt(error, "description")}
        onChange={(description) => onChange({ ...draft, description })}
      />
    </>
  );
}

export const FIELDS = ["name", "kind", "collects", "description"];
