import { useMutation } from "@tanstack/react-query";
import { useId, useState, type ReactNode } from "react";

import { Failure } from "./failure";
import { FormDialog } from "./form/form-dialog";
import { Input } from "./ui/input";

interface Props {
  /** A question that names the thing: "Delete the route assistant?" */
  title: string;
  /** What will happen, who is affected, and what stays. */
  children: ReactNode;
  /** A verb and its thing: "Delete assistant". */
  action: string;
  /** While it is done: "Deleting…". */
  doing?: string;
  /** It can be taken back: no alarm in its look. */
  undoable?: boolean;
  /** For what cannot be undone: the name to type first. */
  typed?: string;
  /** Does it; a rejection is shown inside, and the dialog stays. Closing afterwards is the caller's. */
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
}

/** Asks before something is lost. Prefer an undo where there can be one. */
export function Confirm({ title, children, action, doing = "Working…", undoable = false, typed, onConfirm, onClose }: Props) {
  const id = useId();
  const [name, setName] = useState("");
  const confirm = useMutation({ mutationFn: onConfirm });

  return (
    <FormDialog
      title={title}
      action={action}
      doing={doing}
      error={confirm.error}
      busy={confirm.isPending}
      ready={typed === undefined || name === typed}
      danger={!undoable}
      cautious={typed === undefined}
      onSubmit={() => confirm.mutate()}
      onClose={onClose}
    >
      <div className="space-y-2 text-pretty text-quiet">{children}</div>
      {typed !== undefined && (
        <div>
          <label htmlFor={id}>
            Type <strong className="font-mono font-medium break-all">{typed}</strong> to confirm
          </label>
          <Input
            id={id}
            className="mt-1.5 font-mono"
            value={name}
            onChange={(event) => setName(event.target.value)}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            data-autofocus
          />
        </div>
      )}
      {confirm.error && <Failure title="Nothing was changed" error={confirm.error} />}
    </FormDialog>
  );
}
