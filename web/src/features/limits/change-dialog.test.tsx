import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test } from "vitest";

import { ChangeDialog } from "./change-dialog";

import { limit } from "@/testing/limits";

const dialog = (version: number, amount: string) => (
  <QueryClientProvider client={new QueryClient()}>
    <ChangeDialog of={limit({ version, amount })} onClose={() => undefined} />
  </QueryClientProvider>
);

const save = () => screen.getByRole<HTMLButtonElement>("button", { name: "Allow $1,500 a month" });

test("what follows is told before it is saved", () => {
  render(dialog(1, "2000"));
  fireEvent.change(screen.getByLabelText("At most"), { target: { value: "1,500" } });
  expect(screen.getByText("$1,240.50 used already, so $259.50 is left.")).toBeTruthy();
  fireEvent.change(screen.getByLabelText("At most"), { target: { value: "1,000" } });
  expect(screen.getByText(/calls are refused until it starts anew/)).toBeTruthy();
});

test("what somebody else changed meanwhile is seen before it is overwritten", () => {
  const { rerender } = render(dialog(1, "2000"));
  fireEvent.change(screen.getByLabelText("At most"), { target: { value: "1500" } });
  expect(save().disabled).toBe(false);
  rerender(dialog(2, "3000"));
  expect(screen.getByText(/It allows \$3,000 a month now/)).toBeTruthy();
  expect(save().disabled).toBe(true);
  fireEvent.click(screen.getByRole("button", { name: "Go on with mine" }));
  expect(save().disabled).toBe(false);
});
