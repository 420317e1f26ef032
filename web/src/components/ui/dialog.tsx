import { X } from "lucide-react";
import { useId, useLayoutEffect, useRef, type ReactNode, type RefObject } from "react";

import { Button } from "./button";

import { cn } from "@/lib/cn";

interface Props {
  title: string;
  /** Closed by escape, the button, or a press beside it. */
  onClose: () => void;
  children: ReactNode;
  /** The buttons at its foot, which stay in sight; the primary one comes last, tied to its form by `form`. */
  footer?: ReactNode;
  wide?: boolean;
  /** Something is under way: it cannot be closed now. */
  busy?: boolean;
}

const FIRST = "[data-autofocus], [data-content] :is(input, select, textarea):not(:disabled)";
const FOCUSABLE = "a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), [tabindex]";

/**
 * The browser's own modal dialog: head and foot stay, what is between them scrolls. Put it on the page to open it, take it
 * away to close it; focus returns by itself. The focus begins at what has `data-autofocus`, else in the first field.
 */
export function Dialog({ title, onClose, children, footer, wide = false, busy = false }: Props) {
  const element = useRef<HTMLDialogElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const id = useId();
  useScrolling(content);

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
        "group/dialog m-auto max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] flex-col overflow-hidden rounded-md border border-line bg-surface text-ink shadow-md backdrop:bg-scrim open:flex",
        wide ? "max-w-3xl" : "max-w-lg",
      )}
      onCancel={(event) => {
        event.preventDefault();
        leave();
      }}
      onPointerDown={(event) => event.target === event.currentTarget && leave()}
    >
      <header className="flex shrink-0 items-start justify-between gap-4 border-b border-transparent px-4 pt-4 pb-3 group-has-data-scrolls/dialog:border-line sm:px-6 sm:pt-6">
        <h2 id={`${id}-title`} className="min-w-0 text-lg font-semibold tracking-tight break-words">
          {title}
        </h2>
        <Button look="quiet" className="-mt-1 -mr-2 px-2" disabled={busy} onClick={leave}>
          <X aria-hidden="true" /> Close
        </Button>
      </header>
      <div
        ref={content}
        data-content
        className={cn("min-h-0 space-y-4 overflow-y-auto px-4 pt-1 sm:px-6", footer ? "pb-3" : "pb-4 sm:pb-6")}
      >
        {children}
      </div>
      {footer && (
        <footer className="flex shrink-0 flex-wrap justify-end gap-2 border-t border-transparent px-4 pt-3 pb-4 group-has-data-scrolls/dialog:border-line sm:px-6 sm:pb-6">
          {footer}
        </footer>
      )}
    </dialog>
  );
}

/** What scrolls is marked, so that lines set it off from head and foot, and a keyboard reaches it, if only by itself. */
function useScrolling(content: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const element = content.current;
    if (!element) return;
    const look = () => {
      const scrolls = element.scrollHeight > element.clientHeight;
      element.toggleAttribute("data-scrolls", scrolls);
      if (scrolls && !element.querySelector(FOCUSABLE)) element.tabIndex = 0;
      else element.removeAttribute("tabindex");
    };
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => observer.disconnect();
  }, [content]);
}
