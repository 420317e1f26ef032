import { act, cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";

import { App } from "./app";

import { emptyOverview, me, metrics, operation, operations, overview, readiness } from "@/testing/factories";
import { answer, serve, signIn } from "@/testing/server";
import { sockets, type TestSocket } from "@/testing/socket";


let opened: TestSocket[];
const now = Date.now();

const healthy = {
  "/api/identity/me": answer(me()),
  "/api/ai/overview": answer(overview(now)),
  "/api/ai/operations": answer(operations(now - 1000)),
  "/api/improvement/turns": answer({ items: [], total: 0, next: null }),
  "/api/releases": answer({ items: [], total: 0, next: null }),
  "/readyz": answer(readiness()),
  "/api/identity/sign-in": answer({ passwordReset: "email", oidc: [] }),
};

const refused = answer(
  { error: { message: "The address or the password is wrong.", code: "sign_in_failed" } },
  { status: 401 },
);
const ended = answer({ error: { message: "An administrator ended it.", code: "session_ended" } }, { status: 401 });

/** The server's answer to the right password comes with cookies. */
const opens = () => {
  signIn();
  return Response.json(me(), { status: 201 });
};

beforeEach(() => {
  opened = sockets();
  history.replaceState(null, "", "/");
});

async function fillIn(): Promise<void> {
  fireEvent.change(await screen.findByLabelText("E-mail address"), { target: { value: " ada@rosewood.example " } });
  fireEvent.change(screen.getByLabelText("Password"), { target: { value: "correct horse battery" } });
  fireEvent.click(screen.getByRole("button", { name: "Sign in" }));
}

test("a wrong password is refused in the server's words, and the right one opens the overview", async () => {
  serve({ ...healthy, "/api/identity/session": refused });
  render(<App />);
  await fillIn();
  expect((await screen.findByRole("alert")).textContent).toContain("The address or the password is wrong.");

  const requests = serve({ ...healthy, "/api/identity/session": opens });
  await fillIn();
  expect(await screen.findByRole("heading", { name: "Overview" })).toBeTruthy();
  expect(await requests[0]?.json()).toEqual({ email: "ada@rosewood.example", password: "correct horse battery" });
});

test("the page that was asked for comes after signing in", async () => {
  history.replaceState(null, "", "/?window=6h");
  serve({ ...healthy, "/api/identity/session": opens });
  render(<App />);
  await fillIn();
  expect(await screen.findByRole("radio", { name: "the last 6 hours" })).toHaveProperty("checked", true);
});

test("who is known in several organizations chooses one", async () => {
  const organizations = [
    { slug: "rosewood", name: "Rosewood Barn" },
    { slug: "alder", name: "Alder House" },
  ];
  const error = { message: "Choose an organization.", code: "organization_needed", details: { organizations } };
  serve({ ...healthy, "/api/identity/session": answer({ error }, { status: 409 }) });
  render(<App />);
  await fillIn();
  await screen.findByRole("heading", { name: "Which organization?" });
  const requests = serve({ ...healthy, "/api/identity/session": opens });
  fireEvent.click(screen.getByRole("button", { name: /Alder House/ }));
  await screen.findByRole("heading", { name: "Overview" });
  expect(await requests[0]?.json()).toMatchObject({ organization: "alder" });
});

test("who guesses too often is told how long to wait", async () => {
  const until = new Date(Date.now() + 125_000).toISOString();
  const error = { message: "Too many attempts.", code: "sign_in_locked", details: { until } };
  serve({ ...healthy, "/api/identity/session": answer({ error }, { status: 429, headers: { "retry-after": "125" } }) });
  render(<App />);
  await fillIn();
  expect(await screen.findByText("Too many attempts")).toBeTruthy();
  expect(screen.getByRole("button", { name: /Try again in 2 min/ })).toHaveProperty("disabled", true);
});

test("a session that ends meanwhile leads to the sign-in, with the reason and the way back", async () => {
  history.replaceState(null, "", "/?window=6h");
  signIn();
  serve({ ...healthy, "/api/ai/overview": ended, "/api/identity/session/refresh": ended });
  render(<App />);
  expect(await screen.findByText("Your session ended")).toBeTruthy();
  expect(screen.getByText(/An administrator ended it/)).toBeTruthy();
  expect(location.search).toBe("?next=%2F%3Fwindow%3D6h");
});

test("who may not read operations begins where they may work, and is told why not elsewhere", async () => {
  signIn();
  serve({ ...healthy, "/api/identity/me": answer(me({ role: "user", permissions: ["ai:query"] })) });
  render(<App />);
  expect(await screen.findByRole("heading", { name: "Playground" })).toBeTruthy();
  const pages = within(screen.getAllByRole("navigation", { name: "Pages" })[0] ?? document.body);
  expect(pages.getAllByRole("link").map(({ textContent }) => textContent.trim())).toEqual(["Playground"]);
  cleanup();
  history.replaceState(null, "", "/operations");
  render(<App />);
  expect(await screen.findByText(/does not let you see the overview/)).toBeTruthy();
});

test("a pushed operation appears, and figures follow the push", async () => {
  signIn();
  serve(healthy);
  render(<App />);
  const table = await screen.findByRole("region", { name: "Last operations" });
  await within(table).findAllByText("Success");
  act(() => {
    opened.at(-1)?.welcome();
    opened.at(-1)?.say(metrics(now + 1000, { operations: [operation(now, 0, { id: "op_pushed" })] }));
  });
  expect(await within(table).findByText("op_…pushed", {}, { timeout: 3000 })).toBeTruthy();
  expect(screen.getByText("12.4 requests/s")).toBeTruthy();
});

test("an untouched installation teaches the first request", async () => {
  signIn();
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
  signIn();
  const checks = { database: { status: "unavailable", detail: "no connection for 34 s" }, spool: { status: "ready" } };
  serve({ ...healthy, "/readyz": answer({ status: "unavailable", checks }, { status: 503 }) });
  render(<App />);
  expect(await screen.findByText("Hone cannot take requests")).toBeTruthy();
  expect(screen.getByText(/no connection for 34 s/)).toBeTruthy();
});

test("the picture is read with arrow keys, and as a table", async () => {
  signIn();
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
