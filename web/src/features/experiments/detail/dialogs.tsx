import { useState } from "react";

import { useDecide, useStop } from "../queries";
import { answersWith } from "../words";

import type { Experiment, Verdict } from "@/api/experiments";
import { Failure } from "@/components/failure";
import { FormDialog } from "@/components/form/form-dialog";
import { SelectField } from "@/components/form/select-field";
import { TextField } from "@/components/form/text-field";
import { Notice } from "@/components/notice";
import { toasts } from "@/components/toast/store";

interface Props {
  experiment: Experiment;
  onClose: () => void;
}

/** Ends it without a winner, or takes away the arm that was decided for. */
export function StopDialog({ experiment: { id, name, target, decided }, onClose }: Props) {
  const stop = useStop(id);
  const [reason, setReason] = useState("");

  function submit() {
    stop.mutate(reason.trim(), {
      onSuccess: () => {
        onClose();
        toasts.show(decided ? `${target} answers for itself again` : `${name} is stopped`);
      },
    });
  }

  return (
    <FormDialog title={decided ? `Take ${decided.arm} back?` : `Stop ${name}?`} action={decided ? "Take it back" : "Stop the experiment"} doing="Stopping…" error={stop.error} busy={stop.isPending} danger ready={reason.trim() !== ""} onSubmit={submit} onClose={onClose}>
      <p className="text-pretty text-quiet">Every call of {target} is answered as before the experiment, within a second. What was measured stays; it cannot be started again.</p>
      <TextField label="Reason" help="It stands in the history and in the audit." value={reason} autoComplete="off" maxLength={1000} onChange={setReason} />
      {stop.error && <Failure title="Nothing was changed" error={stop.error} />}
    </FormDialog>
  );
}

/** Gives all traffic to one arm, and says why: above all when the figures do not say so. */
export function DecideDialog({ experiment, verdict, onClose }: Props & { verdict: Verdict | null }) {
  const decide = useDecide(experiment.id);
  const won = winnerOf(verdict);
  const [{ arm, reason, stand }, setDecision] = useState(() => ({ arm: won?.arm ?? experiment.arms[0]?.name ?? "", reason: won?.words ?? "", stand: false }));
  const version = experiment.arms.find(({ name }) => name === arm)?.kind === "version";
  const clear = arm === won?.arm;

  function submit() {
    decide.mutate(
      { arm, reason: reason.trim(), ...(version && stand && { stand }) },
      {
        onSuccess: () => {
          onClose();
          toasts.show(`${experiment.target} is answered by ${arm} now`);
        },
      },
    );
  }

  return (
    <FormDialog title={`Decide ${experiment.name}?`} action={`Decide for ${arm}`} doing="Deciding…" error={decide.error} busy={decide.isPending} danger={!clear} ready={reason.trim() !== "" && arm !== ""} onSubmit={submit} onClose={onClose}>
      <SelectField label="Who wins" value={arm} options={experiment.arms.map(({ name }) => ({ value: name, label: name === won?.arm ? `${name} · the figures say so` : name }))} onChange={(next) => setDecision({ arm: next, reason, stand })} />
      {version && (
        <SelectField
          label="And then"
          help="It answers every call either way."
          value={stand ? "stand" : "promote"}
          options={[
            { value: "promote", label: "It is put in force now" },
            { value: "stand", label: "It stands until it is released" },
          ]}
          onChange={(next) => setDecision({ arm, reason, stand: next === "stand" })}
        />
      )}
      <WillAnswer experiment={experiment} arm={arm} />
      {!clear && <Unsaid verdict={verdict} />}
      <TextField label="Reason" help="It stands in the history and in the audit." value={reason} autoComplete="off" maxLength={1000} onChange={(next) => setDecision({ arm, reason: next, stand })} />
      {decide.error && <Failure title="Nothing was changed" error={decide.error} />}
    </FormDialog>
  );
}

function Unsaid({ verdict }: { verdict: Verdict | null }) {
  return verdict && (
    <Notice tone="warn" title="The figures do not say so">
      {verdict.words}
    </Notice>
  );
}

/** The arm that the figures speak for, and in which words. */
const winnerOf = (verdict: Verdict | null): { arm: string; words: string } | null => (verdict?.state === "winner" && verdict.arm !== null ? { arm: verdict.arm, words: verdict.words } : null);

function WillAnswer({ experiment: { arms, target }, arm }: { experiment: Experiment; arm: string }) {
  const chosen = arms.find(({ name }) => name === arm);
  return <p className="text-pretty text-quiet">{chosen && `Every call of ${target} is answered by ${answersWith(chosen, target)}, within a second.`} The experiment ends; what was measured stays.</p>;
}
