/** The overview against a running server: HONE_URL, HONE_EMAIL and HONE_PASSWORD say which; HONE_KEY calls HONE_ROUTE. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { accessibilityFaults, keepPicture, openBrowser, visit, type Visit } from "./browser";

const address = process.env["HONE_URL"];
const key = process.env["HONE_KEY"];
const email = process.env["HONE_EMAIL"];
const password = process.env["HONE_PASSWORD"];
if (!address || !key || !email || !password) {
  throw new Error("Set HONE_URL (http://127.0.0.1:8700), HONE_EMAIL and HONE_PASSWORD of an admin, and HONE_KEY, an API key.");
}

const origin = new URL(address).origin;
const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };

let browser: Browser;
let visited: Visit;
let page: Page;

beforeAll(async () => {
  browser = await openBrowser();
  visited = await visit(browser, origin, { colorScheme: "light" });
  page = visited.page;
});

afterAll(() => browser.close());

/** One call through the gateway; the answer's x-request-id is the operation's id. */
async function call(): Promise<string> {
  const body = { model: process.env["HONE_ROUTE"] ?? "assistant", messages: [{ role: "user", content: "Hello" }] };
  const response = await fetch(`${origin}/v1/chat/completions`, { method: "POST", headers, body: JSON.stringify(body) });
  await response.text();
  const id = response.headers.get("x-request-id");
  if (id === null) throw new Error(`The gateway answered ${response.status} without x-request-id.`);
  return id;
}

async function requestsByApi(): Promise<number> {
  const response = await fetch(`${origin}/api/ai/overview?window=1h`, { headers });
  const { totals } = (await response.json()) as { totals: { requests: number } };
  return totals.requests;
}

async function signIn(secret: string): Promise<void> {
  await page.getByLabel("E-mail").fill(email ?? "");
  await page.getByLabel("Password", { exact: true }).fill(secret);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

test("a wrong password is refused with a reason", async () => {
  await page.goto(origin);
  await signIn("not-the-password");
  expect(await page.getByRole("alert").innerText()).not.toBe("");
  expect(await accessibilityFaults(page)).toEqual([]);
});

test("the right password opens the overview, and it becomes live", async () => {
  await signIn(password);
  await page.getByRole("heading", { name: "Overview", exact: true }).waitFor();
  await page.getByText("Live", { exact: true }).waitFor();
});

test("a call through the gateway appears by itself", async () => {
  const id = await call();
  const answered = Date.now();
  await page.getByTitle(id).waitFor({ state: "attached", timeout: 5000 });
  console.log(`The operation was on the page ${Date.now() - answered} ms after its answer.`);
  await page.getByRole("slider").waitFor();
  await page.getByText(/\d+ requests?\/s/).waitFor();
});

test("the figures on the page are the API's", async () => {
  const figure = page.locator("dt", { hasText: /^Requests$/ }).locator("xpath=following-sibling::dd[1]/span[1]");
  // There may be traffic: what is shown lies between what the API says before and after.
  await expect
    .poll(
      async () => {
        const before = await requestsByApi();
        const shown = Number((await figure.innerText()).replaceAll(",", ""));
        return before > 0 && before <= shown && shown <= (await requestsByApi());
      },
      { timeout: 20_000 },
    )
    .toBe(true);
});

test("windows, table and pause work, and stay within the rules of accessibility", async () => {
  for (const name of ["the last 15 minutes", "the last 6 hours", "the last 24 hours"]) {
    await page.getByRole("radio", { name }).check();
    await page.getByRole("slider", { name: new RegExp(name) }).waitFor();
  }
  expect(page.url()).toContain("window=24h");
  await page.getByRole("button", { name: "Show as table" }).click();
  await page.getByRole("region", { name: "Figures of the picture" }).waitFor();
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByText("Paused", { exact: true }).waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole("button", { name: "Resume" }).click();
  await page.getByText("Live", { exact: true }).waitFor();
});

test("the theme is remembered, and the phone's layout does not scroll sideways", async () => {
  await page.getByRole("button", { name: /Administrator/ }).click();
  await page.getByRole("radio", { name: "Dark" }).check();
  await page.reload();
  await page.getByRole("slider").waitFor();
  expect(await page.evaluate(() => document.documentElement.dataset["theme"])).toBe("dark");
  await keepPicture(page, "real-dark-wide");
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  expect(await accessibilityFaults(page)).toEqual([]);
  await keepPicture(page, "real-dark-narrow");
  await page.setViewportSize({ width: 1440, height: 900 });
});

test("an unknown address is told so, and signing out ends the session", async () => {
  await page.goto(`${origin}/no-such-page`);
  await page.getByText("no page at this address").waitFor();
  await page.getByRole("link", { name: "Go to the overview" }).click();
  await page.getByRole("button", { name: /Administrator/ }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByLabel("Password", { exact: true }).waitFor();
  expect((await page.context().cookies()).filter(({ name }) => name.startsWith("hone_"))).toEqual([]);
});

test("nothing outside of the server was asked, and nothing broke on the way", () => {
  expect(visited.faults).toEqual([]);
});
