/** A running server and its people: HONE_URL and HONE_KEY say where. */
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";

import { openBrowser, visit, type Visit } from "./browser";

const address = process.env["HONE_URL"];
const key = process.env["HONE_KEY"];
if (!address || !key) throw new Error("Set HONE_URL (http://127.0.0.1:8700) and HONE_KEY (an admin's API key).");

export const origin = new URL(address).origin;
export const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
/** Tells the things of this run from those of another. */
export const RUN = Date.now().toString(36);
export const PASSWORD = "a long pass phrase of somebody";

let browser: Browser;
export const visits: Visit[] = [];

beforeAll(async () => {
  browser = await openBrowser();
});

/** A failure that does not come back is understood from what was on the page. */
afterEach(async ({ task }) => {
  if (task.result?.state !== "fail") return;
  for (const { page, noted } of visits.filter((each) => !each.page.isClosed()).slice(-2)) {
    const text = await page.evaluate(() => document.body.innerText).catch(String);
    console.error([`On ${page.url()}:`, text.slice(0, 1500), ...noted.slice(-20)].join("\n"));
  }
});

afterAll(() => browser.close());

/** Asks the API as an administrator's program. */
export async function api<Answer>(method: string, path: string, body?: object): Promise<Answer> {
  const response = await fetch(`${origin}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${await response.text()}`);
  return (response.status === 204 ? undefined : await response.json()) as Answer;
}

/** One call through a route: its id, and the status it was answered with. */
export async function call(route = "assistant", user?: string): Promise<{ id: string; status: number }> {
  const body = JSON.stringify({ model: route, messages: [{ role: "user", content: "Hello" }], ...(user && { user }) });
  const response = await fetch(`${origin}/v1/chat/completions`, { method: "POST", headers, body });
  await response.text();
  const id = response.headers.get("x-request-id");
  if (id === null) throw new Error(`The gateway answered ${response.status} without x-request-id.`);
  return { id, status: response.status };
}

export interface Guest {
  id: string;
  email: string;
  page: Page;
}

/** A browser of its own. */
export const opened = (): Promise<Page> => reopened({ cookies: [], origins: [] });

/** A browser of its own that has the cookies of another, and nothing else. */
export async function reopened(storageState: Awaited<ReturnType<BrowserContext["storageState"]>>): Promise<Page> {
  // What moves is drawn many times a second, and here by the processor.
  const visited = await visit(browser, origin, { colorScheme: "light", reducedMotion: "reduce", storageState });
  visits.push(visited);
  return visited.page;
}

/** Somebody of a role who has joined and is signed in, in a browser of their own. */
export async function guest(name: string, role: string): Promise<Guest> {
  const email = `${role}-${visits.length}-${RUN}@example.org`;
  const { url, person } = await api<{ url: string; person: { id: string } }>("POST", "/api/identity/invitations", { email, name, role });
  const page = await opened();
  const token = new URL(url).searchParams.get("token");
  const accepted = await page.request.post(`${origin}/api/identity/password/token`, { data: { token, password: PASSWORD }, headers: { origin } });
  expect(accepted.status()).toBe(201);
  return { ...person, email, page };
}

export const pages = (page: Page) => page.getByRole("navigation", { name: "Pages" });
export const settings = (page: Page) => page.getByRole("navigation", { name: "Settings" });

/** Does something until its effect is seen: a list that is made anew at that moment may swallow a click. */
export async function until(act: () => Promise<unknown>, effect: Locator): Promise<void> {
  for (let left = 3; left > 0; left--) {
    await act();
    const seen = await effect.waitFor({ timeout: 8_000 }).then(
      () => true,
      () => false,
    );
    if (seen) return;
  }
  throw new Error(`Three tries did not lead to ${String(effect)}.`);
}

/** What the browser tells a page to which one comes back. */
export const comeBack = (page: Page) => page.evaluate(() => dispatchEvent(new Event("visibilitychange")));
