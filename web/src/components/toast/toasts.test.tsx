import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, fireEvent, render, screen } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";

import { toasts } from "./store";
import { Toasts } from "./toasts";

/** jsdom shows no popover. */
const hidden = { hidden: true };

const show = (...what: Parameters<typeof toasts.show>) => {
  act(() => {
    toasts.show(...what);
  });
};

const wait = () => {
  act(() => {
    vi.advanceTimersByTime(60_000);
  });
};

beforeEach(() => {
  vi.useFakeTimers();
  for (const { id } of toasts.all()) toasts.dismiss(id);
  render(
    <QueryClientProvider client={new QueryClient()}>
      <Toasts />
    </QueryClientProvider>,
  );
  return () => vi.useRealTimers();
});

test("a toast goes by itself, but not while one is at it", () => {
  show("Saved assistant");
  fireEvent.pointerEnter(screen.getByRole("listitem", hidden));
  wait();
  expect(screen.getByText("Saved assistant")).toBeTruthy();
  fireEvent.pointerLeave(screen.getByRole("listitem", hidden));
  wait();
  expect(screen.queryByText("Saved assistant")).toBeNull();
});

test("an undo that fails says why, and stays", async () => {
  show("Saved assistant", { label: "Undo", run: () => Promise.reject(new Error("It was deleted.")) });
  fireEvent.click(screen.getByRole("button", { name: "Undo", ...hidden }));
  await act(() => vi.advanceTimersByTimeAsync(60_000));
  expect(screen.getByText("It was deleted.")).toBeTruthy();
});

test("F8 goes to the newest toast and back, and the focus comes back when the toast is gone", () => {
  const field = document.body.appendChild(document.createElement("input"));
  field.focus();
  fireEvent.keyDown(field, { key: "F8" });
  expect(document.activeElement).toBe(field);
  show("Saved search");
  show("Saved assistant", { label: "Undo", run: () => Promise.resolve() });
  fireEvent.keyDown(field, { key: "F8" });
  expect(document.activeElement?.textContent).toBe(" Undo");
  fireEvent.keyDown(document.activeElement ?? document.body, { key: "F8" });
  expect(document.activeElement).toBe(field);
  field.remove();
});
