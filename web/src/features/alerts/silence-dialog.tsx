import { useState } from "react";

import { useDecide } from "./queries";

import type { Alert } from "@/api/watch";
import { Failure } from "@/components/failure";
import { errorAt, errorBeside } from "@/components/form/errors";
import { FormDialog } from "@/components/form/form-dialog";
import { SelectField } from "@/components/form/select-field";
import { TextArea } from "@/components/form/text-area";
import { toasts } from "@/components/toast/store";
import { plannedTime } from "@/lib/time";
import { useNow } from "@/lib/use-now";

const HOUR = 3_600_000;
const lengths = [
  { value: "1", label: "For an hour" },
  { value: "4", label: "For 4 hours" },
  { value: "24", label: "For a day" },
  { value: "168", label: "For a week" },
];

/** For so long it rings nobody; it is measured all the same. */
export function SilenceDialog({ of: alert, onClose }: { of: Alert; onClose: () => void }) {
  const now = useNow(30_000);
  const [hours, setHours] = useState("4");
  const [reason, setReason] = useState("");
  const decide = useDecide(alert.id);
  const until = new Date(now + Number(hours) * HOUR).toISOString();
  const beside = errorBeside(decide.error, ["reason", "until"]);

  function submit() {
    decide.mutate(
      { what: "silence", until, reason: reason.trim() },
      {
        onSuccess: () => {
          onClose();
          toasts.show(`It rings nobody until ${plannedTime(until)}`);
        },
      },
    );
  }

  return (
    <FormDialog title="Silence the alert" action="Silence" doing="Silencing…" error={decide.error} busy={decide.isPending} ready={reason.trim() !== ""} onSubmit={submit} onClose={onClose}>
      <SelectField label="How long" value={hours} options={lengths} help={`Until ${plannedTime(until)}.`} error={errorAt(decide.error, "until")} onChange={setHours} />
      <TextArea label="Why" help="It is measured all the same, and stays in the list." maxLength={2000} value={reason} error={errorAt(decide.error, "reason")} onChange={setReason} />
      {beside && <Failure title="Nothing was changed" error={beside} />}
    </FormDialog>
  );
}
