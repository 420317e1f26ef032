import { useNavigate } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { useState, type ReactNode, type SubmitEvent } from "react";

import { useStartRun, type DatasetChoice } from "../queries";

import { DatasetFields } from "./dataset-fields";
import { engineOf, enginesFor, isRight, jobOf, wrongName, type Draft } from "./draft";
import { EngineField } from "./engine-field";
import { EstimatePanel } from "./estimate-panel";
import { LimitsFields } from "./limits-fields";
import { ParamsFields } from "./params-fields";
import { SearchFields } from "./search-fields";

import type { Engine, Task } from "@/api/learning";
import { Failure } from "@/components/failure";
import { CheckField } from "@/components/form/check-field";
import { SelectField } from "@/components/form/select-field";
import { TextField } from "@/components/form/text-field";
import { useFirstWrong } from "@/components/form/use-first-wrong";
import { Button } from "@/components/ui/button";
import { paths } from "@/lib/paths";
import { tasks } from "@/lib/tasks";

interface Props {
  begun: Draft;
  named: boolean;
  datasets: readonly DatasetChoice[];
  engines: readonly Engine[];
}

/** From a dataset to a run: four choices that are made already, and what lies behind them. */
export function RunForm({ begun, named: namedBefore, datasets, engines }: Props) {
  const navigate = useNavigate();
  const [draft, setDraft] = useState(begun);
  const [named, setNamed] = useState(namedBefore);
  const start = useStartRun();
  const form = useFirstWrong<HTMLFormElement>(start.error);
  const engine = engineOf(engines, draft);
  const job = jobOf(draft, engine);

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (job && isRight(draft, engine)) start.mutate(job, { onSuccess: ({ id }) => void navigate({ to: paths.run, params: { runId: id } }) });
  }

  return (
    <div className="grid gap-x-12 gap-y-8 xl:grid-cols-[minmax(0,1fr)_24rem]">
      <form ref={form} onSubmit={submit} className="min-w-0 space-y-6">
        <Basics draft={draft} datasets={datasets} engines={engines} named={named} onChange={setDraft} />
        <TextField
          label="Name of the model"
          help="What one calls it by. The same name again makes its next version."
          value={draft.name}
          autoComplete="off"
          spellCheck={false}
          check={wrongName}
          onChange={(name) => {
            setNamed(true);
            setDraft({ ...draft, name });
          }}
        />
        <More title="Parameters" note={engine ? `of ${engine.name}; the usual ones are good ones` : ""}>
          {engine && <ParamsFields engine={engine} typed={draft.params} onChange={(params) => setDraft({ ...draft, params })} />}
        </More>
        {engine && Object.keys(engine.search).length > 0 && (
          <More title="Search" note="try other values of the parameters, and keep the best">
            <SearchFields draft={draft} engine={engine} onChange={setDraft} />
          </More>
        )}
        <More title="Limits and machine" note="priority, memory, time and cost">
          <LimitsFields draft={draft} onChange={setDraft} />
        </More>
        <CheckField label="Tell me by e-mail" help="When it comes further, when a trial is better than all before, and how it ends." checked={draft.tellMe} onChange={(tellMe) => setDraft({ ...draft, tellMe })} />
        {start.error && <Failure title="Nothing was started" error={start.error} />}
        <Button look="primary" type="submit" disabled={start.isPending || !isRight(draft, engine)}>
          {start.isPending ? "Starting…" : draft.name === "" ? "Train" : `Train ${draft.name}`}
        </Button>
      </form>
      <EstimatePanel job={job} draft={draft} onShare={(testShare) => setDraft({ ...draft, testShare })} />
    </div>
  );
}

interface BasicsProps {
  draft: Draft;
  datasets: readonly DatasetChoice[];
  engines: readonly Engine[];
  named: boolean;
  onChange: (draft: Draft) => void;
}

/** What is learned, from what, and how. */
export function Basics({ draft, datasets, engines, named, onChange }: BasicsProps) {
  const offered = (Object.keys(tasks) as Task[]).filter((task) => enginesFor(engines, task).length > 0);
  return (
    <>
      <DatasetFields draft={draft} datasets={datasets} named={named} onChange={onChange} />
      <SelectField
        label="Task"
        help={tasks[draft.task].help}
        value={draft.task}
        options={offered.map((task) => ({ value: task, label: tasks[task].name }))}
        onChange={(task) => onChange({ ...draft, task: task as Task, engine: "", params: {} })}
      />
      <EngineField draft={draft} engines={engines} chosen={engineOf(engines, draft)} onChange={onChange} />
    </>
  );
}

function More({ title, note, children }: { title: string; note: string; children: ReactNode }) {
  return (
    <details className="group rounded-md border border-line">
      <summary className="flex min-h-11 cursor-pointer list-none items-center gap-2 rounded-md px-3 py-2 [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden="true" className="size-4 shrink-0 text-quiet transition-transform group-open:rotate-90" />
        <span className="min-w-0">
          <span className="font-medium">{title}</span> <span className="text-sm text-quiet">{note}</span>
        </span>
      </summary>
      <div className="border-t border-line p-3">{children}</div>
    </details>
  );
}
