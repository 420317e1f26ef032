import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState, type SubmitEvent } from "react";

import { useStartRelease, versionQuery } from "../queries";
import { strategies } from "../words";

import { bodyOf, hasShare, wrongPercent, wrongReason, type Draft } from "./draft";
import { PlanFields } from "./plan-fields";
import { PreviewPanel } from "./preview-panel";

import type { ReleaseStrategy } from "@/api/releases";
import type { TrainedModel } from "@/api/versions";
import { Failure } from "@/components/failure";
import { SelectField } from "@/components/form/select-field";
import { TextField } from "@/components/form/text-field";
import { useFirstWrong } from "@/components/form/use-first-wrong";
import { Notice } from "@/components/notice";
import { Button } from "@/components/ui/button";
import { paths } from "@/lib/paths";

interface Props {
  begun: Draft;
  models: readonly TrainedModel[];
}

/** From a version to a release: which, how carefully, and what then happens. */
export function ReleaseForm({ begun, models }: Props) {
  const navigate = useNavigate();
  const [draft, setDraft] = useState(begun);
  const start = useStartRelease();
  const form = useFirstWrong<HTMLFormElement>(start.error);
  const { passed, body, ready } = useReady(draft);

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (ready && body && !start.isPending) start.mutate(body, { onSuccess: ({ id }) => void navigate({ to: paths.release, params: { releaseId: id } }) });
  }

  return (
    <div className="grid gap-x-12 gap-y-8 xl:grid-cols-[minmax(0,1fr)_26rem]">
      <form ref={form} onSubmit={submit} className="min-w-0 space-y-6">
        {draft.experiment !== "" && <Proven />}
        <Which draft={draft} models={models} onChange={setDraft} />
        <How draft={draft} onChange={setDraft} />
        <PlanFields draft={draft} body={body} onChange={setDraft} />
        <TextField label="Reason" optional help="What it is better at; it stands in the history." value={draft.reason} placeholder="released" autoComplete="off" maxLength={2000} onChange={(reason) => setDraft({ ...draft, reason })} />
        {!passed && <Overriding reason={draft.override} onChange={(override) => setDraft({ ...draft, override })} />}
        {start.error && <Failure title="Nothing was released" error={start.error} />}
        <Button look={passed ? "primary" : "danger"} type="submit" disabled={!ready || start.isPending}>
          {start.isPending ? "Starting…" : `Release ${draft.version}${passed ? "" : " all the same"}`}
        </Button>
      </form>
      <PreviewPanel body={body} />
    </div>
  );
}

/** What is sent, and whether it can be: a version that did not pass its gates needs a reason. */
function useReady(draft: Draft) {
  const { data: version } = useQuery(versionQuery(draft.name, draft.version));
  const passed = version?.gate.passed ?? true;
  const body = bodyOf(draft, passed);
  return { passed, body, ready: body !== null && version !== undefined && (passed || wrongReason(draft.override) === null) };
}

interface FieldsProps {
  draft: Draft;
  onChange: (draft: Draft) => void;
}

function Which({ draft, models, onChange }: FieldsProps & { models: readonly TrainedModel[] }) {
  const model = models.find(({ name }) => name === draft.name);
  const versions = model?.versions.filter(({ state, version }) => state !== "deprecated" || version === draft.version) ?? [];
  const listed = versions.map(({ version, state, gatePassed }) => ({
    value: version,
    label: [version, state === "live" ? "live now" : null, gatePassed ? null : "did not pass its gates"].filter(Boolean).join(" · "),
    disabled: version === model?.live.production,
  }));
  // A version that is named in the address may be one that nobody lists.
  const options = draft.version === "" || listed.some(({ value }) => value === draft.version) ? listed : [{ value: draft.version, label: draft.version }, ...listed];
  return (
    <>
      <SelectField
        label="Model"
        help={model ? (model.live.production === null ? "Nothing of it is live yet." : `${model.live.production} is live now.`) : "What was trained here."}
        value={draft.name}
        options={models.map(({ name }) => ({ value: name, label: name }))}
        placeholder="Choose a model"
        onChange={(name) => {
          const newest = models.find((each) => each.name === name)?.versions.find(({ state }) => state === "candidate" || state === "retired");
          onChange({ ...draft, name, version: newest?.version ?? "", steps: null, guards: null });
        }}
      />
      <SelectField label="Version" help="What is to take over." value={draft.version} options={options} placeholder="Choose a version" onChange={(version) => onChange({ ...draft, version })} />
    </>
  );
}

function How({ draft, onChange }: FieldsProps) {
  return (
    <>
      <SelectField
        label="Strategy"
        help={strategies[draft.strategy].help}
        value={draft.strategy}
        options={Object.entries(strategies).map(([value, { name }]) => ({ value, label: name }))}
        // What was typed for one strategy does not fit another.
        onChange={(strategy) => onChange({ ...draft, strategy: strategy as ReleaseStrategy, steps: null, guards: null })}
      />
      {hasShare(draft.strategy) && draft.steps === null && (
        <TextField label={draft.strategy === "canary" ? "Who gets it" : "Who gets it first"} optional unit="% of people" help="Who has it once, keeps it." inputMode="decimal" autoComplete="off" value={draft.share} placeholder="10" check={(text) => wrongPercent(text)} onChange={(share) => onChange({ ...draft, share })} />
      )}
    </>
  );
}

/** It won an experiment, and answers every call already. */
function Proven() {
  return (
    <Notice tone="info" title="It won its experiment">
      Everybody has it already: at once, its release puts in force what answers anyhow. The release and the experiment name each other.
    </Notice>
  );
}

/** Asks why it is released though a gate was not passed. */
function Overriding({ reason, onChange }: { reason: string; onChange: (reason: string) => void }) {
  return (
    <>
      <Notice tone="warn" title="It did not pass its gates">
        It can be released all the same. That you did it, and why, stands in the history and in the audit.
      </Notice>
      <TextField label="Why all the same" value={reason} autoComplete="off" check={wrongReason} onChange={onChange} />
    </>
  );
}
