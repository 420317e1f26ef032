import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import { Failure } from "./failure";

import { ApiError } from "@/api/client";

const refused = (status: number) =>
  new ApiError("It is not here.", { status, code: null, param: null, details: {}, requestId: "req_1", retryAfterS: null });

test("what failed can be tried again, tells that it is, and can be tried again after the next failure", () => {
  const retry = vi.fn();
  const { rerender } = render(<Failure title="It could not be loaded" error={refused(500)} onRetry={retry} />);
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(retry).toHaveBeenCalledOnce();
  expect(screen.getByRole("button", { name: "Trying…" })).toBeTruthy();
  rerender(<Failure title="It could not be loaded" error={refused(500)} onRetry={retry} />);
  expect(screen.getByRole("button", { name: "Try again" })).toBeTruthy();
});

test("what is gone is not asked for again", () => {
  render(<Failure title="It could not be loaded" error={refused(404)} onRetry={() => undefined} />);
  expect(screen.getByRole("alert").textContent).toContain("It is not here.");
  expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
});
