import { BellOff, CircleCheck, Eye } from "lucide-react";
import { useState } from "react";

import { useDecide } from "./queries";
import { SilenceDialog } from "./silence-dialog";

import type { Alert } from "@/api/watch";
import { Failure } from "@/components/failure";
import { errorAt, errorBeside } from "@/components/form/errors";
import { FormDialog } from "@/components/form/form-dialog";
import { TextArea } from "@/components/form/text-area";
import { Permitted } from "@/components/permitted";
import { toasts } from "@/components/toast/store";
import { Button } from "@/components/ui/button";

/** What one says to an alert: that one is at it, that it is over, or that it may be quiet. */
export function Decisions({ of: alert }: { of: Alert }) {
  const decide = useDecide(alert.id);
  const [asking, setAsking] = useState<"resolve" | "silence" | null>(null);
  const close = () => setAsking(null);
  const acknowledge = () => decide.mutate({ what: "acknowledge" }, { onSuccess: () => toasts.show("Others see that somebody is at it"), onError: ({ message }) => toasts.show(message) });
  return (
    <Permitted to="monitors:write">
      <div className="mt-3 flex flex-wrap gap-2 border-t border-line pt-3">
        {alert.state === "open" && (
          <Button disabled={decide.isPending} onClick={acknowledge}>
            <Eye aria-hidden="true" /> I see to it
          </Button>
        )}
        <Button onClick={() => setAsking("resolve")}>
          <CircleCheck aria-hidden="true" /> Resolve
        </Button>
        {alert.state !== "silenced" && (
          <Button onClick={() => setAsking("silence")}>
            <BellOff aria-hidden="true" /> Silence
          </Button>
        )}
      </div>
      {asking === "resolve" && <ResolveDialog of={alert} onClose={close} />}
      {asking === "silence" && <SilenceDialog of={alert} onClose={close} />}
    </Permitted>
  );
}

function ResolveDialog({ of: alert, onClose }: { of: Alert; onClose: () => void }) {
  const [note, setNote] = useState("");
  const decide = useDecide(alert.id);

  function submit() {
    decide.mutate(
      { what: "resolve", note: note.trim() },
      {
        onSuccess: () => {
          onClose();
          toasts.show("The alert is resolved");
        },
      },
    );
  }

  const beside = errorBeside(decide.error, ["note"]);
  return (
    <FormDialog title="Resolve the alert" action="Resolve" doing="Resolving…" error={decide.error} busy={decide.isPending} onSubmit={submit} onClose={onClose}>
      <p className="text-pretty text-quiet">If the monitor goes on finding it, the alert comes back.</p>
      <TextArea label="What it was, and what was done" help="Whoever meets it next time reads it." optional maxLength={2000} value={note} error={errorAt(decide.error, "note")} onChange={setNote} />
      {beside && <Failure title="Nothing was changed" error={beside} />}
    </FormDialog>
  );
}
