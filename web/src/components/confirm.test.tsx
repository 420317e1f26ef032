import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import { Confirm } from "./confirm";

function open(onConfirm: () => Promise<unknown>, typed?: string) {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <Confirm title="Delete the route?" action="Delete assistant" {...(typed && { typed })} onConfirm={onConfirm} onClose={() => undefined}>
        Calls to it are refused from then on.
      </Confirm>
    </QueryClientProvider>,
  );
  return screen.getByRole("button", { name: "Delete assistant" });
}

test("what cannot be undone asks for the name", () => {
  const onConfirm = vi.fn(() => Promise.resolve());
  const button = open(onConfirm, "assistant");
  expect(button).toHaveProperty("disabled", true);
  expect(document.activeElement).toBe(screen.getByRole("textbox"));
  fireEvent.change(screen.getByRole("textbox"), { target: { value: "assistant" } });
  expect(button).toHaveProperty("disabled", false);
});

test("a refusal is told where one confirmed", async () => {
  const button = open(() => Promise.reject(new Error("Experiments use it.")));
  expect(document.activeElement).toBe(screen.getByRole("button", { name: "Cancel" }));
  fireEvent.click(button);
  expect((await screen.findByRole("alert")).textContent).toContain("Experiments use it.");
});
