import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";

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
