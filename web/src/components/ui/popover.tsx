import { useEffect, useId, useRef, useState, type ReactNode, type ToggleEvent } from "react";

import { Button } from "./button";

import { cn } from "@/lib/cn";

const EDGE = 8;

interface Props {
  /** What the button shows. */
  label: ReactNode;
  /** What the panel is called by those who hear it. */
  name: string;
  /** The content, made when the panel opens; it may close the panel. */
  children: (close: () => void) => ReactNode;
  look?: "outline" | "quiet" | "primary";
  className?: string;
}

/** A button and the panel it opens: Escape or a press beside it closes it, and focus returns. */
export function Popover({ label, name, children, look = "outline", className }: Props) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);

  useEffect(() => {
    const element = panel.current;
    if (!open || !element) return;
    const again = () => place(button.current, element);
    // What is chosen in it may change its size, and so may the window.
    const observer = new ResizeObserver(again);
    observer.observe(element);
    addEventListener("resize", again);
    return () => {
      observer.disconnect();
      removeEventListener("resize", again);
    };
  }, [open]);

  // The content is there before the panel shows, and until the browser has given the focus back.
  function toggles({ newState }: ToggleEvent) {
    if (newState === "open") setOpen(true);
  }

  function toggled({ newState }: ToggleEvent) {
    if (newState === "open") begin(button.current, panel.current);
    else setOpen(false);
  }

  return (
    <>
      <Button
        ref={button}
        look={look}
        popoverTarget={id}
        aria-haspopup="dialog"
        aria-expanded={open}
        {...(className && { className })}
      >
        {label}
      </Button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        role="dialog"
        tabIndex={-1}
        aria-label={name}
        data-open={open || undefined}
        onBeforeToggle={toggles}
        onToggle={toggled}
        className={cn(
          "absolute inset-auto m-0 max-h-[min(28rem,80dvh)] max-w-[calc(100vw-1rem)] min-w-56 overflow-y-auto outline-none",
          "rounded-md border border-line bg-surface p-3 text-sm text-ink shadow-md",
        )}
      >
        {open && children(() => document.getElementById(id)?.hidePopover())}
      </div>
    </>
  );
}

/** Puts the panel under its button, moved in from the window's edges; it scrolls along with the page. */
function place(button: HTMLElement | null, panel: HTMLElement | null): void {
  if (!button || !panel) return;
  const at = button.getBoundingClientRect();
  const rightmost = document.documentElement.clientWidth - panel.offsetWidth - EDGE;
  const above = at.bottom + 4 + panel.offsetHeight > innerHeight && at.top > panel.offsetHeight + EDGE;
  panel.style.left = `${Math.max(EDGE, Math.min(at.left, rightmost)) + scrollX}px`;
  panel.style.top = `${(above ? at.top - panel.offsetHeight - 4 : at.bottom + 4) + scrollY}px`;
}

/** Shows the panel in its place and goes to the first thing in it. */
function begin(button: HTMLElement | null, panel: HTMLElement | null): void {
  place(button, panel);
  panel?.querySelector<HTMLElement>("[data-autofocus], input, select, button")?.focus({ preventScroll: true });
}
