import { useId, type ReactNode, type SubmitEvent } from "react";

import { useFirstWrong } from "./use-first-wrong";

import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";

interface Props {
  title: string;
  /** A verb and its thing: "Set the limit". */
  action: string;
  /** While it is done: "Setting…". */
  doing: string;
  /** Why it was refused: the focus goes to the first field that shows it. */
  error: Error | null;
  busy: boolean;
  /** It can be sent as it stands. */
  ready?: boolean;
  /** Something is lost by it. */
  danger?: boolean;
  /** One begins at the button that gives up. */
  cautious?: boolean;
  wide?: boolean;
  onSubmit: () => void;
  onClose: () => void;
  /** The fields. */
  children: ReactNode;
}

/** A form that lies over the page: its fields scroll, its buttons stay in sight. */
export function FormDialog({ action, doing, error, busy, ready = true, danger = false, cautious = false, onSubmit, onClose, children, ...dialog }: Props) {
  const id = useId();
  const form = useFirstWrong<HTMLFormElement>(error);

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (ready && !busy) onSubmit();
  }

  return (
    <Dialog
      {...dialog}
      onClose={onClose}
      busy={busy}
      footer={
        <>
          <Button onClick={onClose} disabled={busy} {...(cautious && { "data-autofocus": true })}>
            Cancel
          </Button>
          <Button look={danger ? "danger" : "primary"} type="submit" form={id} disabled={!ready || busy}>
            {busy ? doing : action}
          </Button>
        </>
      }
    >
      <form ref={form} id={id} onSubmit={submit} className="space-y-4">
        {children}
      </form>
    </Dialog>
  );
}
