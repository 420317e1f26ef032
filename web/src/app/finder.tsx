import { Search } from "lucide-react";
import { lazy, Suspense, useLayoutEffect, useRef, useState, type ReactNode } from "react";

import { useKeyboard } from "./keyboard";
import { KeyboardMap } from "./keyboard-map";

import { Dialog } from "@/components/ui/dialog";

const CommandMenu = lazy(() => import("./command/command-menu").then((module) => ({ default: module.CommandMenu })));

type Open = "search" | "help" | null;

/** The command menu and the keyboard map, and the keys that open them. */
export function useFinder(): { finder: ReactNode; search: () => void } {
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  const [typed, setTyped] = useState("");
  const search = () => {
    setTyped("");
    setOpen("search");
  };
  const help = () => setOpen("help");
  useKeyboard({ onSearch: search, onHelp: help });

  const finder = (
    <>
      {open === "search" && (
        <Finding onClose={close}>
          <Suspense fallback={<Begun value={typed} onChange={setTyped} />}>
            <CommandMenu begun={typed} onDone={close} onHelp={help} />
          </Suspense>
        </Finding>
      )}
      {open === "help" && (
        <Dialog title="Keyboard map" onClose={close} wide>
          <KeyboardMap />
        </Dialog>
      )}
    </>
  );
  return { finder, search };
}

/** Takes what is typed while the menu is on its way. */
function Begun({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return (
    <div role="status" aria-label="Loading" className="flex h-12 items-center gap-2 rounded-t-md px-4 -outline-offset-2 outline-accent has-focus-visible:outline-2">
      <Search aria-hidden="true" className="size-4 shrink-0 text-quiet" />
      <input
        aria-label="Find a page, an object or an action"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        autoFocus
        className="h-full min-w-0 flex-1 bg-transparent outline-none"
      />
    </div>
  );
}

/** A dialog without a head: one types at once. */
function Finding({ onClose, children }: { onClose: () => void; children: ReactNode }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    // The browser would choose what lies around the field.
    element?.querySelector("input")?.focus();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-label="Find"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onPointerDown={(event) => event.target === event.currentTarget && onClose()}
      className="mx-auto mt-[12dvh] w-[min(36rem,calc(100vw-2rem))] overflow-hidden rounded-md border border-line bg-surface text-ink shadow-md backdrop:bg-scrim"
    >
      {children}
    </dialog>
  );
}
