import { useState } from "react";

import { useStartTurn } from "../queries";
import { planWords } from "../words";

import type { Policy, Turn } from "@/api/improvement";
import { Failure } from "@/components/failure";
import { FormDialog } from "@/components/form/form-dialog";
import { TextField } from "@/components/form/text-field";

interface Props {
  of: Policy;
  onStarted: (turn: Turn) => void;
  onClose: () => void;
}

/** Begins a turn without waiting for a trigger. */
export function StartDialog({ of: policy, onStarted, onClose }: Props) {
  const [reason, setReason] = useState("");
  const start = useStartTurn();
  return (
    <FormDialog title={`Start a turn of ${policy.model} now?`} action="Start the turn" doing="Starting…" error={start.error} busy={start.isPending} onSubmit={() => start.mutate({ id: policy.id, reason: reason.trim() }, { onSuccess: onStarted })} onClose={onClose}>
      <p className="text-pretty text-quiet">{planWords(policy)} What answers now answers on until the new version has proven itself.</p>
      <TextField label="Why now" optional maxLength={2000} value={reason} autoComplete="off" onChange={setReason} />
      {start.error && <Failure title="Nothing was started" error={start.error} />}
    </FormDialog>
  );
}
