import { useQuery } from "@tanstack/react-query";
import { useId, useState, type ReactNode } from "react";

import { useSavePolicy } from "../queries";
import { strategies } from "../words";

import { bodyOf, draftOf, wrongAmount, wrongCount, wrongMoney, type PolicyDraft } from "./draft";
import { modelsQuery } from "./models";
import { TriggerFields } from "./trigger-fields";

import type { Policy, Strategy } from "@/api/improvement";
import { Failure } from "@/components/failure";
import { CheckField } from "@/components/form/check-field";
import { errorAt, errorBeside } from "@/components/form/errors";
import { FormDialog } from "@/components/form/form-dialog";
import { SelectField } from "@/components/form/select-field";
import { TextField } from "@/components/form/text-field";

interface Props {
  /** Null: a new one. */
  present: Policy | null;
  onSaved: (policy: Policy) => void;
  onClose: () => void;
}

const FIELDS = ["model", "triggers", "budget", "debounceSeconds", "leastNew"];

/** When a model is to learn anew, how much that may take, and who is asked. */
export function PolicyDialog({ present, onSaved, onClose }: Props) {
  const [draft, setDraft] = useState<PolicyDraft>(() => draftOf(present));
  const save = useSavePolicy();
  const body = bodyOf(draft, present);
  const beside = errorBeside(save.error, FIELDS);
  const part = { draft, error: save.error, onChange: setDraft };
  return (
    <FormDialog
      title={present ? `How ${present.model} improves` : "Let a model improve by itself"}
      action={present ? "Save the policy" : "Let it improve"}
      doing="Saving…"
      error={save.error}
      busy={save.isPending}
      ready={body !== null}
      wide
      onSubmit={() => body && save.mutate({ present, body }, { onSuccess: onSaved })}
      onClose={onClose}
    >
      {present === null && <Model {...part} />}
      <Group title="A turn begins when">
        <TriggerFields {...part} />
      </Group>
      <Group title="And then">
        <Steps {...part} />
      </Group>
      <Group title="It may take">
        <Budget {...part} />
      </Group>
      {beside && <Failure title="Nothing was saved" error={beside} />}
    </FormDialog>
  );
}

interface PartProps {
  draft: PolicyDraft;
  error: Error | null;
  onChange: (draft: PolicyDraft) => void;
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <div role="group" aria-labelledby={id} className="space-y-3 border-t border-line pt-4">
      <h3 id={id} className="font-semibold">
        {title}
      </h3>
      {children}
    </div>
  );
}

function Model({ draft, error, onChange }: PartProps) {
  const { data } = useQuery(modelsQuery);
  const [only] = data ?? [];
  if (only !== undefined && data?.length === 1 && draft.model === "") onChange({ ...draft, model: only });
  return (
    <SelectField
      label="Model"
      help={data?.length === 0 ? "No model was trained here yet: train one first." : "It is trained as it was trained last, with what was learned since."}
      value={draft.model}
      placeholder="Choose a model"
      options={(data ?? []).map((value) => ({ value, label: value }))}
      error={errorAt(error, "model")}
      onChange={(model) => onChange({ ...draft, model })}
    />
  );
}

function Steps({ draft, onChange }: PartProps) {
  const { approvals } = draft;
  return (
    <>
      <CheckField label="Ask before it is trained" checked={approvals.train} onChange={(train) => onChange({ ...draft, approvals: { ...approvals, train } })} />
      <CheckField label="Ask before it is released" help="It waits with its evidence until somebody says yes." checked={approvals.release} onChange={(release) => onChange({ ...draft, approvals: { ...approvals, release } })} />
      <CheckField label="Let it answer unseen first" help="Copies of calls go to the new version; nobody sees its answers." checked={draft.shadow} onChange={(shadow) => onChange({ ...draft, shadow })} />
      <SelectField label="It is released" value={draft.strategy} options={(Object.keys(strategies) as Strategy[]).map((value) => ({ value, label: strategies[value] }))} onChange={(strategy) => onChange({ ...draft, strategy: strategy as Strategy })} />
      <CheckField label="Compare it with the live version" help="Both answer for a while; the better one stays. Without it the release's own guardrails decide." checked={draft.compare} onChange={(compare) => onChange({ ...draft, compare })} />
    </>
  );
}

function Budget({ draft, error, onChange }: PartProps) {
  const set = (field: "runs" | "cost" | "minutes" | "leastNew") => (value: string) => onChange({ ...draft, [field]: value });
  return (
    <>
      <TextField label="Runs in 24 hours" inputMode="numeric" value={draft.runs} check={wrongAmount} error={errorAt(error, "budget.runsPerDay")} onChange={set("runs")} />
      <TextField label="Cost in 30 days" optional unit="USD" inputMode="decimal" placeholder="no limit" value={draft.cost} check={wrongMoney} error={errorAt(error, "budget.costUsdPerMonth")} onChange={set("cost")} />
      <TextField label="New examples at least" help="Without so many nothing begins by itself." inputMode="numeric" value={draft.leastNew} check={wrongCount} error={errorAt(error, "leastNew")} onChange={set("leastNew")} />
      <TextField label="A trigger fires for" help="One turn then takes all that came meanwhile." unit="minutes" inputMode="decimal" value={draft.minutes} check={wrongAmount} error={errorAt(error, "debounceSeconds")} onChange={set("minutes")} />
    </>
  );
}
