import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { useSaveMonitor } from "../queries";

import { bodyOf, draftOf, nameOf, needsModel, withKind, type MonitorDraft } from "./draft";
import { RuleFields } from "./rule-fields";
import { subjectsQuery } from "./subjects";

import { useMay } from "@/api/me";
import type { Monitor, MonitorKind } from "@/api/watch";
import { Failure } from "@/components/failure";
import { errorAt, errorBeside } from "@/components/form/errors";
import { FormDialog } from "@/components/form/form-dialog";
import { SelectField } from "@/components/form/select-field";
import { TextField } from "@/components/form/text-field";

interface Props {
  /** Null: a new one. */
  present: Monitor | null;
  onSaved: (monitor: Monitor) => void;
  onClose: () => void;
}

const kinds: { value: MonitorKind; label: string }[] = [
  { value: "metric", label: "A metric: it rings beyond a level" },
  { value: "objective", label: "An objective: a share that is to be good" },
  { value: "drift", label: "Drift: people ask for other things" },
  { value: "estimated_accuracy", label: "Estimated accuracy: without labels" },
  { value: "error_patterns", label: "Error patterns: a new kind of error" },
];

const help: Record<MonitorKind, string> = {
  metric: "Such as how many answers are right. It rings only where chance does not explain it, however often it looks.",
  objective: "Such as 99.9 % of calls that succeed in 30 days. It rings when the budget for the rest burns too fast.",
  drift: "Compares what is asked now with what was asked before, and rings when that costs right answers.",
  estimated_accuracy: "From the model's own confidence, for the time before anybody has judged its answers.",
  error_patterns: "Errors that read alike are one kind; it tells of new ones.",
};

const FIELDS = ["name", "model", "route", "rule"];

/** What is to be watched, and when it rings. */
export function MonitorDialog({ present, onSaved, onClose }: Props) {
  const [draft, setDraft] = useState<MonitorDraft>(() => draftOf(present));
  const save = useSaveMonitor();
  const body = bodyOf(draft, present);
  const beside = errorBeside(save.error, FIELDS);
  return (
    <FormDialog
      title={present ? `Change ${present.name}` : "Watch something"}
      action={present ? "Save the monitor" : "Watch it"}
      doing="Saving…"
      error={save.error}
      busy={save.isPending}
      ready={body !== null}
      wide
      onSubmit={() => body && save.mutate({ present, body }, { onSuccess: onSaved })}
      onClose={onClose}
    >
      {present === null && (
        <>
          <SelectField label="What" help={help[draft.kind]} value={draft.kind} options={kinds} onChange={(kind) => setDraft(withKind(draft, kind as MonitorKind))} />
          <Subject draft={draft} error={save.error} onChange={setDraft} />
        </>
      )}
      <RuleFields draft={draft} error={save.error} onChange={setDraft} />
      <TextField label="Name" optional={present === null} placeholder={nameOf({ ...draft, name: "" })} autoComplete="off" maxLength={120} value={draft.name} error={errorAt(save.error, "name")} onChange={(name) => setDraft({ ...draft, name })} />
      {beside && <Failure title="Nothing was saved" error={beside} />}
    </FormDialog>
  );
}

function Subject({ draft, error, onChange }: { draft: MonitorDraft; error: Error | null; onChange: (draft: MonitorDraft) => void }) {
  const may = { models: useMay("models:read"), routes: useMay("routes:read") };
  const { data: { models = [], routes = [] } = {} } = useQuery(subjectsQuery(may));
  const only = needsModel(draft);
  const options = [
    ...(only ? [] : [{ value: "", label: "all calls" }]),
    ...models.map((name) => ({ value: `model:${name}`, label: name })),
    ...(only ? [] : routes.map((name) => ({ value: `route:${name}`, label: `route ${name}` }))),
  ];
  return (
    <SelectField
      label="Of"
      value={only && !draft.subject.startsWith("model:") ? "" : draft.subject}
      options={options}
      {...(only && { placeholder: "Choose a model" })}
      error={errorAt(error, "model") ?? errorAt(error, "route")}
      onChange={(subject) => onChange({ ...draft, subject })}
    />
  );
}
