import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { draftOf, engineOf, jobOf, noDraft, withDataset, wrongName, type Draft } from "../new/draft";
import { Basics } from "../new/run-form";
import { datasetsQuery, enginesQuery, useSaveSchedule } from "../queries";

import { bodyOf, comes, draftOfSchedule, isRight, noSchedule, PRESETS, wrongCount, wrongCron, wrongZone, type ScheduleDraft } from "./words";

import type { Schedule } from "@/api/learning";
import { Failure } from "@/components/failure";
import { errorAt, errorBeside } from "@/components/form/errors";
import { Field } from "@/components/form/field";
import { FormDialog } from "@/components/form/form-dialog";
import { SelectField } from "@/components/form/select-field";
import { TextField } from "@/components/form/text-field";
import { toasts } from "@/components/toast/store";
import { Input } from "@/components/ui/input";
import { plannedTime, zoneName } from "@/lib/time";
import { useNow } from "@/lib/use-now";

interface Props {
  /** Null: a new one. */
  present: Schedule | null;
  onClose: () => void;
}

const OWN = "own";
const FIELDS = ["name", "cron", "timezone", "minNewExamples"];
const here = () => new Intl.DateTimeFormat("en-GB").resolvedOptions().timeZone;

/** What can be trained on, and with. */
function useChoices() {
  const datasets = useQuery(datasetsQuery).data?.items ?? [];
  const engines = useQuery(enginesQuery).data?.items ?? [];
  return { datasets, engines };
}

/** When to train, and what. */
export function ScheduleDialog({ present, onClose }: Props) {
  const [draft, setDraft] = useState<ScheduleDraft>(() => (present ? draftOfSchedule(present) : noSchedule(here())));
  const [job, setJob] = useState<Draft>(() => (present ? draftOf(present.job) : noDraft));
  const { datasets, engines } = useChoices();
  const [only] = datasets;
  if (only && datasets.length === 1 && job.dataset === "") setJob(withDataset(job, only, false));
  const name = draft.name.trim() || `${job.name}, again`;
  const save = useSaveSchedule();
  const sent = jobOf(job, engineOf(engines, job));
  const set = (field: keyof ScheduleDraft) => (value: string) => setDraft({ ...draft, [field]: value });
  const beside = errorBeside(save.error, FIELDS);

  function submit() {
    if (!sent) return;
    // Parts of the specification that the form does not show stay as they are.
    const whole = { ...present?.job, ...(sent as unknown as Record<string, unknown>) };
    save.mutate(
      { present, body: bodyOf({ ...draft, name }, whole, present?.enabled ?? true) },
      {
        onSuccess: (saved) => {
          onClose();
          toasts.show(`Saved the schedule ${saved.name}`);
        },
      },
    );
  }

  return (
    <FormDialog
      title={present ? `Change ${present.name}` : "Add a schedule"}
      action="Save the schedule"
      doing="Saving…"
      error={save.error}
      busy={save.isPending}
      ready={sent !== null && isRight({ ...draft, name })}
      wide
      onSubmit={submit}
      onClose={onClose}
    >
      <Basics draft={job} datasets={datasets} engines={engines} named={present !== null} onChange={setJob} />
      <TextField label="Name of the model" value={job.name} autoComplete="off" check={wrongName} onChange={(name) => setJob({ ...job, name })} />
      <TextField label="Name of the schedule" optional value={draft.name} placeholder={name} autoComplete="off" error={errorAt(save.error, "name")} onChange={set("name")} />
      <When draft={draft} error={save.error} onChange={setDraft} />
      <TextField
        label="Only with so many new examples"
        help="Where fewer are new it waits for the next time."
        optional
        inputMode="numeric"
        value={draft.minNewExamples}
        placeholder="0"
        check={wrongCount}
        error={errorAt(save.error, "minNewExamples")}
        onChange={set("minNewExamples")}
      />
      {beside && <Failure title="Nothing was saved" error={beside} />}
    </FormDialog>
  );
}

function When({ draft, error, onChange }: { draft: ScheduleDraft; error: Error | null; onChange: (draft: ScheduleDraft) => void }) {
  const known = PRESETS.some(({ value }) => value === draft.cron);
  const [own, setOwn] = useState(!known);
  return (
    <>
      <SelectField
        label="When"
        value={own ? OWN : draft.cron}
        options={[...PRESETS, { value: OWN, label: "At times of your own…" }]}
        onChange={(value) => {
          setOwn(value === OWN);
          if (value !== OWN) onChange({ ...draft, cron: value });
        }}
      />
      {own && (
        <TextField
          label="Times"
          help="As cron writes them: minute, hour, day of the month, month, day of the week."
          mono
          value={draft.cron}
          autoComplete="off"
          spellCheck={false}
          check={wrongCron}
          error={errorAt(error, "cron")}
          onChange={(cron) => onChange({ ...draft, cron })}
        />
      )}
      <TextField
        label="By the clock of"
        value={draft.timezone}
        autoComplete="off"
        spellCheck={false}
        check={wrongZone}
        error={errorAt(error, "timezone")}
        onChange={(timezone) => onChange({ ...draft, timezone })}
      />
      <Field label="Begins only between" help="Such as 22:00 and 06:00: outside of it a run waits for its machine to have time." optional error={(draft.from === "") === (draft.to === "") ? null : "Both times, or none."}>
        {(control) => (
          <span className="flex items-center gap-2">
            <Input {...control} type="time" value={draft.from} onChange={(event) => onChange({ ...draft, from: event.target.value })} />
            <span className="text-quiet">and</span>
            <Input type="time" aria-label="and" value={draft.to} onChange={(event) => onChange({ ...draft, to: event.target.value })} />
          </span>
        )}
      </Field>
      <NextFive draft={draft} />
    </>
  );
}

/** When it comes round, in the viewer's zone. */
function NextFive({ draft }: { draft: ScheduleDraft }) {
  const now = useNow(60_000);
  const times = comes(draft, now);
  return (
    <div role="status" className="rounded-md bg-sunken px-3 py-2 text-sm">
      <p className="font-medium">The next five times</p>
      {times.length === 0 ? (
        <p className="text-quiet">It does not come round.</p>
      ) : (
        <>
          <ul>
            {times.map((at) => (
              <li key={at}>
                <time dateTime={new Date(at).toISOString()}>{plannedTime(at)}</time>
              </li>
            ))}
          </ul>
          <p className="mt-1 text-xs text-quiet">by your clock, {zoneName(new Date(times[0] ?? now))}</p>
        </>
      )}
    </div>
  );
}
