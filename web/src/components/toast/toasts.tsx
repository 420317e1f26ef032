import { useMutation } from "@tanstack/react-query";
import { CircleCheck, Undo2, X } from "lucide-react";
import { useEffect, useRef, useState, useSyncExternalStore, type RefObject } from "react";

import { toasts, type Toast } from "./store";

import { Button } from "@/components/ui/button";

const SHOWN_MS = 6000;
/** Time to notice that something should be undone, and to reach the button by keyboard. */
const SHOWN_WITH_ACTION_MS = 12_000;

const REACH_KEY = "F8";

/** Where toasts appear: above everything, dialogs too, and read aloud when the reader pauses. */
export function Toasts() {
  const all = useSyncExternalStore(toasts.watch, toasts.all);
  const layer = useRef<HTMLDivElement>(null);
  const newest = all.at(-1)?.id;
  useReachedByKey(layer);

  useEffect(() => {
    if (newest === undefined) return;
    // Shown anew, it lies above a dialog that was opened meanwhile.
    layer.current?.hidePopover();
    layer.current?.showPopover();
  }, [newest]);

  return (
    <div
      ref={layer}
      popover="manual"
      role="region"
      aria-label="Notifications"
      className="fixed inset-auto right-4 bottom-4 m-0 w-88 max-w-[calc(100vw-2rem)] overflow-visible bg-transparent p-0 text-ink"
    >
      <ol aria-live="polite" className="space-y-2">
        {all.map((toast) => (
          <Item key={toast.id} toast={toast} />
        ))}
      </ol>
    </div>
  );
}

/** F8 goes to the newest toast and back to where one was; when its toast goes, the focus goes back too. */
function useReachedByKey(layer: RefObject<HTMLDivElement | null>): void {
  const left = useRef<HTMLElement | null>(null);

  useEffect(() => {
    const region = layer.current;
    if (!region) return;
    const back = () => {
      if (left.current?.isConnected) left.current.focus();
      left.current = null;
    };
    const press = (event: KeyboardEvent) => {
      if (event.key !== REACH_KEY) return;
      if (region.contains(document.activeElement)) {
        back();
        return;
      }
      const first = region.querySelector<HTMLElement>("li:last-child button");
      if (!first) return;
      event.preventDefault();
      left.current = document.activeElement instanceof HTMLElement ? document.activeElement : null;
      first.focus();
    };
    const goneWithFocus = new MutationObserver(() => {
      if (left.current && document.activeElement === document.body) back();
    });
    document.addEventListener("keydown", press);
    goneWithFocus.observe(region, { childList: true, subtree: true });
    return () => {
      document.removeEventListener("keydown", press);
      goneWithFocus.disconnect();
    };
  }, [layer]);
}

function Item({ toast }: { toast: Toast }) {
  const [held, setHeld] = useState(false);
  const { id, title, action } = toast;
  const act = useMutation({ mutationFn: () => action?.run() ?? Promise.resolve(), onSuccess: () => toasts.dismiss(id) });
  const stays = held || act.isPending || act.isError;

  useEffect(() => {
    if (stays) return;
    const timer = setTimeout(() => toasts.dismiss(id), action ? SHOWN_WITH_ACTION_MS : SHOWN_MS);
    return () => clearTimeout(timer);
  }, [stays, id, action]);

  return (
    <li
      className="rounded-md border border-edge bg-surface p-3 shadow-md"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <div className="flex items-center gap-2">
        <CircleCheck aria-hidden="true" className="size-4 shrink-0 text-good" />
        <p className="min-w-0 flex-1 break-words">{title}</p>
        {action && (
          <Button disabled={act.isPending} onClick={() => act.mutate()}>
            <Undo2 aria-hidden="true" /> {act.isPending ? "Working…" : action.label}
          </Button>
        )}
        <Button look="quiet" className="w-8 px-0" title="Dismiss" aria-label={`Dismiss: ${title}`} onClick={() => toasts.dismiss(id)}>
          <X aria-hidden="true" />
        </Button>
      </div>
      {act.error && <p className="mt-2 text-sm text-bad">{act.error.message}</p>}
    </li>
  );
}
