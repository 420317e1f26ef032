import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

import { signOut } from "./server";

// A fact is waited for as long as a busy machine needs; a page is loaded when it is first opened.
configure({ asyncUtilTimeout: 10_000 });

// jsdom has no layout and no media queries: nothing matches, and nothing is measured.
class NothingToObserve {
  observe = (): void => undefined;
  unobserve = (): void => undefined;
  disconnect = (): void => undefined;
}
globalThis.ResizeObserver = NothingToObserve;
window.matchMedia = (media) => Object.assign(new EventTarget(), { matches: false, media }) as MediaQueryList;
window.scrollTo = () => undefined;
// jsdom opens no dialogs and no popovers.
HTMLDialogElement.prototype.showModal = function show() {
  this.open = true;
};
HTMLDialogElement.prototype.close = function close() {
  this.open = false;
};
HTMLElement.prototype.showPopover = () => undefined;
HTMLElement.prototype.hidePopover = () => undefined;

afterEach(() => {
  cleanup();
  sessionStorage.clear();
  localStorage.clear();
  signOut();
});
