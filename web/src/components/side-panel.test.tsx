import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import { SidePanel } from "./side-panel";

test("it closes whatever scrolling answers with", () => {
  // Newer browsers answer with a promise.
  Object.defineProperty(Element.prototype, "scrollTo", { value: () => Promise.resolve(), configurable: true });
  const shown = (of: string) => (
    <SidePanel title={`Key ${of}`} of={of} href="/keys" onClose={() => undefined}>
      What is known
    </SidePanel>
  );
  const { rerender, unmount } = render(shown("a"));
  expect(document.activeElement).toBe(screen.getByRole("dialog", { name: "Key a" }));
  rerender(shown("b"));
  unmount();
  expect(screen.queryByText("What is known")).toBeNull();
});

test("Escape closes what lies above it first, and only then the panel", () => {
  const closed = vi.fn();
  const shown = (dialog: boolean) => (
    <SidePanel title="Key a" of="a" onClose={closed}>
      <input type="search" aria-label="Find" defaultValue="jun" />
      <button type="button">Change</button>
      {dialog && <dialog open>Sure?</dialog>}
    </SidePanel>
  );
  const { rerender } = render(shown(true));
  fireEvent.keyDown(screen.getByRole("button", { name: "Change" }), { key: "Escape" });
  rerender(shown(false));
  // A search that is filled is emptied by it.
  fireEvent.keyDown(screen.getByLabelText("Find"), { key: "Escape" });
  expect(closed).not.toHaveBeenCalled();
  fireEvent.keyDown(screen.getByRole("button", { name: "Change" }), { key: "Escape" });
  expect(closed).toHaveBeenCalledOnce();
});
