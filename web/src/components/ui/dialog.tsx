import { X } from "lucide-react";
import { useId, useLayoutEffect, useRef, type ReactNode } from "react";

import { Button } from "./button";

import { cn } from "@/lib/cn";

interface Props {
  title: string;
  /** Closed by escape, the button, or a press beside it. */
  onClose: () => void;
  children: ReactNode;
  /** The buttons at its foot; the primary one comes last. */
  footer?: ReactNode;
  wide?: boolean;
  /** Something is under way: it cannot be closed now. */
  busy?: boolean;
}

const FIRST = "[data-autofocus], [data-content] :is(input, select, textarea):not(:disabled)";

/**
 * The browser's own modal dialog. Put it on the page to open it, take it away to close it; focus returns by itself.
 * The focus begins at what has `data-autofocus`, else in the first field.
 */
export function Dialog({ title, onClose, children, footer, wide = false, busy = false }: Props) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();

  useLayoutEffect(() => {
    const dialog = element.current;
    if (!dialog) return;
    dialog.showModal();
    // React focuses before the dialog is open, and the browser would choose the button that closes it.
    dialog.querySelector<HTMLElement>(FIRST)?.focus();
    return () => dialog.close();
  }, []);

  const leave = () => {
    if (!busy) onClose();
  };
  return (
    <dialog
      ref={element}
      aria-labelledby={`${id}-title`}
      className={cn(
        "m-auto max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] overflow-y-auto rounded-md border border-line bg-surface text-ink shadow-md backdrop:bg-scrim",
        wide ? "max-w-3xl" : "max-w-lg",
      )}
      onCancel={(event) => {
        event.preventDefault();
        leave();
      }}
      onPointerDown={(event) => event.target === event.currentTarget && leave()}
    >
      <div className="space-y-4 p-4 sm:p-6">
        <header className="flex items-start justify-between gap-4">
          <h2 id={`${id}-title`} className="min-w-0 text-lg font-semibold tracking-tight break-words">
            {title}
          </h2>
          <Button look="quiet" className="-mt-1 -mr-2 px-2" disabled={busy} onClick={leave}>
            <X aria-hidden="true" /> Close
          </Button>
        </header>
        <div data-content className="space-y-4">
          {children}
        </div>
        {footer && <footer className="flex flex-wrap justify-end gap-2 pt-2">{footer}</footer>}
      </div>
    </dialog>
  );
}
