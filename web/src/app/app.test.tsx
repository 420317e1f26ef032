import { act, fireEvent, render, screen, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";

import { App } from "./app";

import { session } from "@/api/session";
import { emptyOverview, me, metrics, operation, operations, overview, readiness } from "@/testing/factories";
import { answer, serve } from "@/testing/server";
import { sockets, type TestSocket } from "@/testing/socket";


let opened: TestSocket[];
const now = Date.now();

const healthy = {
  "/api/identity/me": answer(me()),
  "/api/ai/overview": answer(overview(now)),
  "/api/ai/operations": answer(operations(now - 1000)),
  "/readyz": answer(readiness()),
};

const refused = answer({ error: { message: "This key is unknown or was revoked." } }, { status: 401 });

beforeEach(() => {
  opened = sockets();
  session.end();
  history.replaceState(null, "", "/");
});

test("a wrong key is refused in the server's words, and the right one opens the overview", async () => {
  serve({ ...healthy, "/api/identity/me": refused });
  render(<App />);
  fireEvent.change(await screen.findByLabelText("API key"), { target: { value: " hk_typo " } });
  fireEvent.click(screen.getByRole("button", { name: "Sign in" }));
  expect(await screen.findByRole("alert")).toHaveProperty("textContent", "This key is unknown or was revoked.");

  const requests = serve(healthy);
  fireEvent.change(screen.getByLabelText("API key"), { target: { value: "hk_good" } });
  fireEvent.click(screen.getByRole("button", { name: "Sign in" }));
  expect(await screen.findByRole("heading", { name: "Overview" })).toBeTruthy();
  expect(requests[0]?.headers.get("authorization")).toBe("Bearer hk_good");
});

test("the page that was asked for comes after signing in", async () => {
  history.replaceState(null, "", "/?window=6h");
  serve(healthy);
  render(<App />);
  fireEvent.change(await screen.findByLabelText("API key"), { target: { value: "hk_good" } });
  fireEvent.click(screen.getByRole("button", { name: "Sign in" }));
  expect(await screen.findByRole("radio", { name: "the last 6 hours" })).toHaveProperty("checked", true);
});

test("a key that is revoked meanwhile leads back to the sign-in, with the reason", async () => {
  session.begin("hk_revoked");
  serve({ ...healthy, "/api/ai/overview": refused });
  render(<App />);
  expect(await screen.findByText("Your session ended")).toBeTruthy();
  expect(screen.getByText("This key is unknown or was revoked.")).toBeTruthy();
});

test("a role that may not read operations is told so", async () => {
  session.begin("hk_learner");
  serve({ ...healthy, "/api/identity/me": answer(me({ permissions: [] })) });
  render(<App />);
  expect(await screen.findByText(/does not include operations:read/)).toBeTruthy();
});

test("a pushed operation appears, and figures follow the push", async () => {
  session.begin("hk_good");
  serve(healthy);
  render(<App />);
  const table = await screen.findByRole("region", { name: "Last operations" });
  await within(table).findAllByText("Success");
  act(() => {
    opened.at(-1)?.welcome();
    opened.at(-1)?.say(metrics(now + 1000, { operations: [operation(now, 0, { id: "op_pushed" })] }));
  });
  expect(await within(table).findByText("op_pushed", {}, { timeout: 3000 })).toBeTruthy();
  expect(screen.getByText("12.4 requests/s")).toBeTruthy();
});

test("an untouched installation teaches the first request", async () => {
  session.begin("hk_good");
  serve({
    ...healthy,
    "/api/ai/overview": answer(emptyOverview(now)),
    "/api/ai/operations": answer({ items: [], total: 0, next: null }),
  });
  render(<App />);
  expect(await screen.findByRole("heading", { name: "Send the first request" })).toBeTruthy();
  expect(screen.getByRole("region", { name: "curl snippet" }).textContent).toContain(`${location.origin}/v1/chat/completions`);
});

test("what is wrong with the installation is said in words", async () => {
  session.begin("hk_good");
  const checks = { database: { status: "unavailable", detail: "no connection for 34 s" }, spool: { status: "ok" } };
  serve({ ...healthy, "/readyz": answer({ status: "unavailable", checks }, { status: 503 }) });
  render(<App />);
  expect(await screen.findByText("Hone cannot take requests")).toBeTruthy();
  expect(screen.getByText(/no connection for 34 s/)).toBeTruthy();
});

test("the picture is read with arrow keys, and as a table", async () => {
  session.begin("hk_good");
  serve(healthy);
  render(<App />);
  const slider = await screen.findByRole("slider");
  fireEvent.keyDown(slider, { key: "Home" });
  expect(slider.getAttribute("aria-valuenow")).toBe("0");
  expect(slider.getAttribute("aria-valuetext")).toMatch(/requests per second; .* half within .* cost \$/);
  fireEvent.click(screen.getByRole("button", { name: "Show as table" }));
  const table = screen.getByRole("region", { name: "Figures of the picture" });
  expect(within(table).getAllByRole("row")).toHaveLength(61);
});
