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
  const search = () => setOpen("search");
  const help = () => setOpen("help");
  useKeyboard({ onSearch: search, onHelp: help });

  const finder = (
    <>
      {open === "search" && (
        <Finding onClose={close}>
          <Suspense fallback={<div role="status" aria-label="Loading" className="h-12" />}>
            <CommandMenu onDone={close} onHelp={help} />
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

/** A dialog without a head: one types at once. */
function Finding({ onClose, children }: { onClose: () => void; children: ReactNode }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
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
