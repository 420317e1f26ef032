import { useMutation } from "@tanstack/react-query";
import { useId, useState, type ReactNode, type SubmitEvent } from "react";

import { Failure } from "./failure";
import { Button } from "./ui/button";
import { Dialog } from "./ui/dialog";
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
  const ready = typed === undefined || name === typed;

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (ready && !confirm.isPending) confirm.mutate();
  }

  return (
    <Dialog title={title} onClose={onClose} busy={confirm.isPending}>
      <form onSubmit={submit} className="space-y-4">
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
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose} disabled={confirm.isPending} {...(typed === undefined && { "data-autofocus": true })}>
            Cancel
          </Button>
          <Button look={undoable ? "primary" : "danger"} type="submit" disabled={!ready || confirm.isPending}>
            {confirm.isPending ? doing : action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
