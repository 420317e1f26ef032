import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import { Button } from "./button";

test("disabled while it has the focus, it keeps it and does nothing, until it is left", () => {
  const pressed = vi.fn();
  const sent = vi.fn((event: SubmitEvent) => event.preventDefault());
  const shown = (disabled: boolean) => (
    <form onSubmit={(event) => sent(event.nativeEvent)}>
      <Button type="submit" disabled={disabled} onClick={pressed}>
        Save
      </Button>
    </form>
  );
  const { rerender } = render(shown(false));
  const button = screen.getByRole("button", { name: "Save" });
  button.focus();
  rerender(shown(true));
  expect(document.activeElement).toBe(button);
  expect(button.getAttribute("aria-disabled")).toBe("true");
  fireEvent.click(button);
  expect([pressed.mock.calls, sent.mock.calls]).toEqual([[], []]);
  fireEvent.blur(button);
  expect(button.hasAttribute("disabled")).toBe(true);
  rerender(shown(false));
  fireEvent.click(button);
  expect([pressed.mock.calls.length, sent.mock.calls.length]).toEqual([1, 1]);
});
