/** A newcomer changes a route, breaks it, finds out, and goes back; two people edit one route. HONE_URL and HONE_KEY say where. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { accessibilityFaults, openBrowser, visit, type Visit } from "./browser";

const address = process.env["HONE_URL"];
const key = process.env["HONE_KEY"];
if (!address || !key) throw new Error("Set HONE_URL (http://127.0.0.1:8700) and HONE_KEY (an admin's API key).");

const origin = new URL(address).origin;
const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
const ROUTE = `story-${Date.now().toString(36)}`;
const BROKEN = `${ROUTE}-broken`;

let browser: Browser;
const visits: Visit[] = [];

beforeAll(async () => {
  browser = await openBrowser();
});

afterAll(() => browser.close());

async function api<Answer>(method: string, path: string, body?: object): Promise<Answer> {
  const response = await fetch(`${origin}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Answer;
}

/** Somebody who was invited, signed in by accepting. */
async function person(name: string): Promise<Page> {
  const email = `${name.toLowerCase()}-${ROUTE}@example.org`;
  const { url } = await api<{ url: string }>("POST", "/api/identity/invitations", { email, name, role: "admin" });
  const visited = await visit(browser, origin, { colorScheme: "light" });
  visits.push(visited);
  const token = new URL(url).searchParams.get("token");
  const accepted = await visited.page.request.post(`${origin}/api/identity/password/token`, {
    data: { token, password: `a long pass phrase of ${name}` },
    headers: { origin },
  });
  expect(accepted.status()).toBe(201);
  return visited.page;
}

/** One call through the route; its id, and the status it was answered with. */
async function call(): Promise<{ id: string; status: number }> {
  const body = JSON.stringify({ model: ROUTE, messages: [{ role: "user", content: "Hello" }] });
  const response = await fetch(`${origin}/v1/chat/completions`, { method: "POST", headers, body });
  await response.text();
  return { id: response.headers.get("x-request-id") ?? "", status: response.status };
}

interface Named {
  items: { id: string; name: string; provider: string; upstream: string }[];
}

let page: Page;
let failed = "";

test("a newcomer finds the route by keyboard and looks at its change before it counts", async () => {
  const model = (await api<Named>("GET", "/api/models")).items.find(({ upstream }) => !upstream.includes("status="));
  if (!model) throw new Error("The server has no model.");
  await api("POST", "/api/models", { name: BROKEN, provider: model.provider, upstream: "story#status=500", price: { input: 1, output: 2 } });
  await api("POST", "/api/routes", { name: ROUTE, targets: [{ model: model.name }] });
  await expect.poll(async () => (await call()).status, { timeout: 15_000 }).toBe(200);

  page = await person("Ada");
  await page.goto(`${origin}/routes`);
  const row = page.getByRole("row").filter({ hasText: ROUTE });
  await row.waitFor();
  await page.keyboard.press("j");
  while (!(await row.evaluate((element) => element === document.activeElement))) await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: ROUTE }).waitFor();

  await page.getByLabel("Model of target 1").focus();
  await page.keyboard.type(BROKEN);
  await page.getByText("nothing else may answer them").waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  const review = page.getByRole("button", { name: "Review changes" });
  await review.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("region", { name: "What changes" }).getByText(BROKEN).first().waitFor();
  await page.keyboard.press("Enter");
  await page.getByText(`Saved ${ROUTE}, version 2`).waitFor();
});

test("the route is broken, and the overview and the operations say so", async () => {
  await expect
    .poll(
      async () => {
        const made = await call();
        failed = made.id;
        return made.status;
      },
      { timeout: 15_000 },
    )
    .toBeGreaterThanOrEqual(500);
  await page.getByRole("link", { name: "Overview" }).click();
  await page.getByRole("region", { name: "Last operations" }).getByText("Error").first().waitFor({ timeout: 15_000 });
  await page.getByRole("link", { name: "Operations", exact: true }).click();
  await page.goto(`${origin}/operations/${failed}`);
  await page.getByText(BROKEN).first().waitFor();
});

test("the change is taken back from the versions, and calls are answered again", async () => {
  const [route] = (await api<Named>("GET", `/api/routes?q=${ROUTE}`)).items;
  await page.goto(`${origin}/routes/${route?.id ?? ""}/versions`);
  await page.getByRole("button", { name: "Restore version 1" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("region", { name: "What restoring changes" }).waitFor();
  await page.getByRole("button", { name: "Restore version 1" }).last().focus();
  await page.keyboard.press("Enter");
  await page.getByText(`${ROUTE} is again what version 1 was`).waitFor();
  await expect.poll(async () => (await call()).status, { timeout: 15_000 }).toBe(200);
});

test("the second of two editors sees what the first did, and both changes are kept", async () => {
  const [route] = (await api<Named>("GET", `/api/routes?q=${ROUTE}`)).items;
  const other = await person("Ben");
  for (const each of [page, other]) {
    await each.goto(`${origin}/routes/${route?.id ?? ""}`);
    await each.getByRole("heading", { name: ROUTE }).waitFor();
  }
  await other.getByLabel("Connect (optional)").fill("7");
  await page.getByLabel("Whole answer (optional)").fill("90");
  await save(other, "Save version 4");
  await other.getByText(`Saved ${ROUTE}, version 4`).waitFor();
  await save(page, "Save version 4");
  await page.getByText("Ben changed this route meanwhile").waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole("button", { name: "Save both changes" }).click();
  await page.getByText(`Saved ${ROUTE}, version 5`).waitFor();
  const saved = await api<{ deadlines: object }>("GET", `/api/routes/${route?.id ?? ""}`);
  expect(saved.deadlines).toMatchObject({ connect: 7, total: 90 });
  await page.getByRole("button", { name: "Undo" }).last().click();
  await expect.poll(async () => (await api<{ version: number }>("GET", `/api/routes/${route?.id ?? ""}`)).version).toBe(6);
});

async function save(by: Page, name: string): Promise<void> {
  await by.getByRole("button", { name: "Review changes" }).click();
  await by.getByRole("button", { name }).click();
}

test("a provider is tested before it is saved, in words", async () => {
  await page.goto(`${origin}/providers/new`);
  await page.getByLabel("Vendor").selectOption("openai");
  await page.getByLabel("Base URL (optional)").fill("https://nobody.invalid/v1");
  await page.getByRole("button", { name: "Test the connection" }).click();
  await page.getByText(/nobody\.invalid/).last().waitFor({ timeout: 15_000 });
  expect(await accessibilityFaults(page)).toEqual([]);
});

test("nothing outside of the server was asked, and nothing broke on the way", () => {
  expect(visits.flatMap(({ faults }) => faults)).toEqual([]);
});
