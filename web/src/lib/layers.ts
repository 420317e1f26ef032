/** What can be reached by a keyboard, though perhaps not at this moment. */
export const FOCUSABLE = "a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), summary, [tabindex]";

/** Whether a dialog or a popover is open above an element: the keyboard is then for that, and Escape closes it first. */
export function isCovered(element: Element | null): boolean {
  return [...document.querySelectorAll("dialog[open], [popover][data-open]")].some((layer) => !layer.contains(element));
}
