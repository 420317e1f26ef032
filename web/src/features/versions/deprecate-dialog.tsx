import { useState } from "react";

import { useDeprecate } from "./queries";

import { Failure } from "@/components/failure";
import { FormDialog } from "@/components/form/form-dialog";
import { TextField } from "@/components/form/text-field";
import { toasts } from "@/components/toast/store";

interface Props {
  name: string;
  version: string;
  onClose: () => void;
}

/** Marks a version as one that nobody is to release any more. */
export function DeprecateDialog({ name, version, onClose }: Props) {
  const deprecate = useDeprecate(name);
  const [reason, setReason] = useState("");

  function submit() {
    deprecate.mutate(
      { version, reason: reason.trim() },
      {
        onSuccess: () => {
          onClose();
          toasts.show(`${version} is deprecated`);
        },
      },
    );
  }

  return (
    <FormDialog title={`Deprecate ${version} of ${name}?`} action={`Deprecate ${version}`} doing="Deprecating…" error={deprecate.error} busy={deprecate.isPending} danger onSubmit={submit} onClose={onClose}>
      <p className="text-pretty text-quiet">Nobody can promote it any more, and that stays so. Its evidence and what it once answered stay, too.</p>
      <TextField label="Reason" optional value={reason} autoComplete="off" maxLength={2000} onChange={setReason} />
      {deprecate.error && <Failure title="Nothing was changed" error={deprecate.error} />}
    </FormDialog>
  );
}
