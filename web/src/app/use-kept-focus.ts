import { useEffect } from "react";

import { FOCUSABLE } from "@/lib/layers";

/** Where the focus is at home: it is not led out of one into another. */
const ROOM = "main, dialog, [role=dialog], [popover]";

/**
 * What has the focus may go: a row that is deleted, a page that is left, a step of a dialog. The focus then goes to what
 * stands in its place, after it or before it; else to the room that it was in, so that nobody begins again at the top.
 */
export function useKeptFocus(): void {
  useEffect(() => {
    let last: Element | null = null;
    const come = ({ target }: FocusEvent) => {
      last = target instanceof Element ? target : null;
    };
    const leave = () =>
      queueMicrotask(() => {
        // Given up for nothing else, by a press beside everything, it is not to be brought back.
        if (last?.isConnected && document.activeElement === document.body && document.hasFocus()) last = null;
      });
    const observer = new MutationObserver((records) => {
      if (last === null || last.isConnected || document.activeElement !== document.body) return;
      const gone = last;
      last = null;
      heir(gone, records)?.focus({ preventScroll: true });
    });
    document.addEventListener("focusin", come);
    document.addEventListener("focusout", leave);
    observer.observe(document.body, { childList: true, subtree: true });
    return () => {
      document.removeEventListener("focusin", come);
      document.removeEventListener("focusout", leave);
      observer.disconnect();
    };
  }, []);
}

/** What gets the focus after an element that was taken away with these changes. */
function heir(gone: Element, records: readonly MutationRecord[]): HTMLElement | null {
  const cut = records.find(({ target, removedNodes }) => target.isConnected && [...removedNodes].some((node) => node.contains(gone)));
  if (!(cut?.target instanceof Element)) return null;
  // One page went for another, as after signing in: that one begins at its head, not at the first thing around it.
  if ([...cut.removedNodes].some(holdsPage)) {
    const main = document.querySelector("main");
    return main && host(main);
  }
  // A list that makes only the rows in sight takes them away as one scrolls: nobody is to be moved along.
  return cut.target.closest("[data-windowed]") ? null : nearest(cut.target, cut.previousSibling);
}

const holdsPage = (node: Node) => node instanceof Element && (node.matches("main") || node.querySelector("main") !== null);

function nearest(around: Element, from: Node | null): HTMLElement | null {
  if (around.matches(ROOM)) return host(around);
  return neighbour(around, from) ?? (around.parentElement && nearest(around.parentElement, around));
}

const isThere = (element: HTMLElement) => element.getClientRects().length > 0;

/** The first thing after a place that can have the focus; the last before it where nothing follows. */
function neighbour(around: Element, from: Node | null): HTMLElement | null {
  const all = [...around.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(isThere);
  const follows = (element: Node) => from === null || (from.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
  return all.find((element) => follows(element) && !from?.contains(element)) ?? all.findLast((element) => !follows(element)) ?? null;
}

/** What one does first in a dialog; a page or a panel itself, which is read from its head. */
function host(room: Element): HTMLElement | null {
  const inside = [...room.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(isThere);
  const begun = room.querySelector<HTMLElement>("[data-autofocus]") ?? inside.find((element) => element.closest("[data-content]")) ?? inside[0] ?? null;
  const itself = room instanceof HTMLElement && room.hasAttribute("tabindex") ? room : null;
  return room.matches("dialog, [popover]") ? (begun ?? itself) : (itself ?? begun);
}
