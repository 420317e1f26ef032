/** A newcomer changes a route, breaks it, finds out, and goes back; two people edit one route. HONE_URL and HONE_KEY say where. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Page } from "playwright-core";
import { expect, test } from "vitest";

import { accessibilityFaults } from "./browser";
import { api, call, guest, origin, pages, RUN, visits } from "./guests";
import { tabTo } from "./hands";

const ROUTE = `story-${RUN}`;
const BROKEN = `${ROUTE}-broken`;

interface Named {
  items: { id: string; name: string; provider: string; upstream: string }[];
}

let page: Page;
let failed = "";

test("by keyboard alone a newcomer finds the route, sees what a change will do, saves it, undoes it and saves it again", async () => {
  const model = (await api<Named>("GET", "/api/models")).items.find(({ upstream }) => !upstream.includes("status="));
  if (!model) throw new Error("The server has no model.");
  await api("POST", "/api/models", { name: BROKEN, provider: model.provider, upstream: "story#status=500", price: { input: 1, output: 2 } });
  await api("POST", "/api/routes", { name: ROUTE, targets: [{ model: model.name }] });
  await expect.poll(async () => (await call(ROUTE)).status, { timeout: 15_000 }).toBe(200);

  ({ page } = await guest("Ada", "admin"));
  await page.goto(origin);
  await pages(page).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("r");
  const row = page.getByRole("row").filter({ hasText: ROUTE });
  await row.waitFor();
  await page.keyboard.press("j");
  while (!(await row.evaluate((element) => element === document.activeElement))) await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: ROUTE }).waitFor();

  await aim(BROKEN, 2);
  await page.keyboard.press("F8");
  await page.getByRole("button", { name: "Undo" }).and(page.locator(":focus")).waitFor();
  await page.keyboard.press("Enter");
  await expect.poll(target, { timeout: 15_000 }).toBe(model.name);
  await page.getByText("Version 3", { exact: false }).first().waitFor();
  await aim(BROKEN, 4);
  expect(await target()).toBe(BROKEN);
});

/** Chooses another model as the route's target, looks at what changes, and saves: without a mouse. */
async function aim(model: string, version: number): Promise<void> {
  await tabTo(page, page.getByLabel("Model of target 1"));
  await page.keyboard.type(model);
  await page.getByText("nothing else may answer them").waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await tabTo(page, page.getByRole("button", { name: "Review changes" }));
  await page.keyboard.press("Enter");
  await page.getByRole("region", { name: "What changes" }).getByText(model).first().waitFor();
  await page.keyboard.press("Enter");
  await page.getByText(`Saved ${ROUTE}, version ${version}`).waitFor();
}

async function target(): Promise<string | undefined> {
  const { items } = await api<{ items: { name: string; targets: { model: string }[] }[] }>("GET", `/api/routes?q=${ROUTE}`);
  return items.find(({ name }) => name === ROUTE)?.targets[0]?.model;
}

test("the route is broken, and the overview and the operations say so", async () => {
  await expect
    .poll(
      async () => {
        const made = await call(ROUTE);
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

test("its provider tells of the error, and the error leads to the call", async () => {
  await page.goto(`${origin}/providers`);
  await page.getByText(/is (degraded|unhealthy)|is healthy/).first().waitFor();
  await page.getByRole("row").filter({ hasText: "simulator" }).getByText("simulator").click();
  const health = page.getByRole("region", { name: "Health" });
  const broken = health.getByRole("row").filter({ hasText: BROKEN });
  await broken.getByText("100").waitFor();
  await broken.getByText("Closed").waitFor();
  await Promise.all(Array.from({ length: 12 }, () => call(BROKEN)));
  await broken.getByText(/Open|Half open/).waitFor({ timeout: 15_000 });
  await health.getByRole("row").filter({ hasText: "venue" }).getByText("Closed").waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await health.getByRole("link", { name: `at ${BROKEN}: the operation` }).first().click();
  await page.getByText(BROKEN).first().waitFor();
});

test("a newcomer designs a route of two models and a fallback, sees what the last calls would have come to, tries it and adds it", async () => {
  const designed = `${ROUTE}-designed`;
  await page.goto(`${origin}/routes/new`);
  await page.getByLabel("Model of target 1").selectOption("venue");
  const replay = page.getByRole("region", { name: "What would have happened" });
  await replay.getByText("sent again through this draft").waitFor({ timeout: 15_000 });
  await page.getByRole("button", { name: "Add a target" }).click();
  await page.getByLabel("Model of target 2").selectOption("backup");
  await page.getByLabel("Weight of backup").fill("3");
  await page.getByLabel("Another fallback").selectOption("venue");
  await page.getByRole("button", { name: "Add the fallback" }).click();
  await page.getByLabel("Name").fill(designed);
  await replay.getByText(/cheaper|dearer|as dear/).waitFor({ timeout: 15_000 });
  await replay.getByText("backup", { exact: true }).waitFor({ timeout: 15_000 });
  expect(await accessibilityFaults(page)).toEqual([]);

  const [tried] = await Promise.all([page.context().waitForEvent("page"), page.getByRole("link", { name: "Try these models" }).click()]);
  await tried.getByLabel("Compared with").waitFor();
  await tried.close();
  await page.getByRole("button", { name: "Review and add" }).click();
  await page.getByRole("button", { name: `Add ${designed}` }).click();
  await page.getByRole("heading", { name: designed }).waitFor();
  await expect.poll(async () => (await call(designed)).status, { timeout: 15_000 }).toBe(200);
});

test("the change is taken back from the versions, and calls are answered again", async () => {
  const [route] = (await api<Named>("GET", `/api/routes?q=${ROUTE}`)).items;
  await page.goto(`${origin}/routes/${route?.id ?? ""}/versions`);
  await tabTo(page, page.getByRole("button", { name: "Restore version 1" }));
  await page.keyboard.press("Enter");
  await page.getByRole("region", { name: "What restoring changes" }).waitFor();
  await tabTo(page, page.getByRole("dialog").getByRole("button", { name: "Restore version 1" }));
  await page.keyboard.press("Enter");
  await page.getByText(`${ROUTE} is again what version 1 was`).waitFor();
  await expect.poll(async () => (await call(ROUTE)).status, { timeout: 15_000 }).toBe(200);
});

test("the second of two editors sees what the first did, and both changes are kept", async () => {
  const [route] = (await api<Named>("GET", `/api/routes?q=${ROUTE}`)).items;
  const { page: other } = await guest("Ben", "admin");
  for (const each of [page, other]) {
    await each.goto(`${origin}/routes/${route?.id ?? ""}`);
    await each.getByRole("heading", { name: ROUTE }).waitFor();
  }
  await other.getByLabel("Connect (optional)").fill("7");
  await page.getByLabel("Whole answer (optional)").fill("90");
  await save(other, "Save version 6");
  await other.getByText(`Saved ${ROUTE}, version 6`).waitFor();
  await save(page, "Save version 6");
  await page.getByText("Ben changed this route meanwhile").waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole("button", { name: "Save both changes" }).click();
  await page.getByText(`Saved ${ROUTE}, version 7`).waitFor();
  const saved = await api<{ deadlines: object }>("GET", `/api/routes/${route?.id ?? ""}`);
  expect(saved.deadlines).toMatchObject({ connect: 7, total: 90 });
  await page.getByRole("button", { name: "Undo" }).last().click();
  await expect.poll(async () => (await api<{ version: number }>("GET", `/api/routes/${route?.id ?? ""}`)).version).toBe(8);
});

async function save(by: Page, name: string): Promise<void> {
  await by.getByRole("button", { name: "Review changes" }).click();
  await by.getByRole("button", { name }).click();
}

test("what is typed into a model is not lost when somebody else changes it, and counts only when one says so", async () => {
  const path = "/api/models";
  const model = (await api<Named>("GET", path)).items.find(({ name }) => name === BROKEN);
  if (!model) throw new Error("The model of the story is gone.");
  await page.goto(`${origin}/models/${model.id}`);
  await page.getByLabel("Model at the provider").fill("story#status=503");
  const { version } = await api<{ version: number }>("GET", `${path}/${model.id}`);
  await api("PUT", `${path}/${model.id}`, { name: BROKEN, provider: model.provider, upstream: "story#status=502", price: { input: 1, output: 2 }, version });
  await page.getByRole("button", { name: "Save changes" }).click();
  await page.getByText("Somebody changed this model meanwhile").waitFor();
  await page.getByRole("region", { name: "What was changed meanwhile" }).getByText("502").waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole("button", { name: "Keep mine on top of it" }).click();
  await page.getByRole("button", { name: "Save changes" }).click();
  await page.getByText(`Saved ${BROKEN}`).waitFor();
  expect((await api<{ upstream: string }>("GET", `${path}/${model.id}`)).upstream).toBe("story#status=503");
  expect(await page.getByRole("button", { name: "Save changes" }).isDisabled()).toBe(true);
});

test.skipIf(!process.env["HONE_PYTHON"])("what the pages show for hone apply is what hone apply takes, and changes nothing", async () => {
  const snippets: string[] = [];
  for (const kind of ["providers", "models", "routes"]) {
    const { items } = await api<Named>("GET", `/api/${kind}`);
    const shown = items.find(({ name }) => name === ROUTE || name === BROKEN) ?? items[0];
    await page.goto(`${origin}/${kind}/${shown?.id ?? ""}`);
    snippets.push(await page.getByRole("region", { name: "hone apply hone.yaml snippet" }).innerText());
  }
  const file = join(mkdtempSync(join(tmpdir(), "hone-")), "hone.yaml");
  writeFileSync(file, snippets.join("\n"));
  const names = [...snippets.join("\n").matchAll(/env:(\w+)/g)].map(([, name = ""]) => [name, "a-key"] as const);
  const told = execFileSync(process.env["HONE_PYTHON"] ?? "", ["-m", "hone.cli", "apply", file, "--dry-run", "--json"], {
    env: { ...process.env, ...Object.fromEntries(names) },
    encoding: "utf-8",
  });
  const { changes } = JSON.parse(told) as { changes: { kind: string; fields: { field: string }[] }[] };
  expect(changes.map(({ kind, fields }) => [kind, ...fields.map(({ field }) => field)])).toEqual([["provider", "credential"], ["model"], ["route"]]);
});

test("a provider is tested before it is saved, in words", async () => {
  await page.goto(`${origin}/providers/new`);
  await page.getByLabel("Vendor").selectOption("openai");
  await page.getByLabel("Base URL (optional)").fill("https://nobody.invalid/v1");
  await page.getByRole("button", { name: "Test the connection" }).click();
  await page.getByText(/nobody\.invalid/).last().waitFor({ timeout: 15_000 });
  expect(await accessibilityFaults(page)).toEqual([]);
});

test("what policies read of a model is said in its form, and taken back", async () => {
  const find = async () => (await api<{ items: { id: string; name: string; modalities: string[] | null; region: string | null; quality: number | null }[] }>("GET", "/api/models")).items.find(({ name }) => name === BROKEN);
  await page.goto(`${origin}/models/${(await find())?.id ?? ""}`);
  const takes = page.getByRole("group", { name: "Takes" });
  const left = takes.getByLabel("As the catalogue says", { exact: false });
  await left.uncheck();
  await takes.getByLabel("Audio").uncheck();
  await page.getByLabel("Region").fill("eu");
  await page.getByLabel("Quality").fill("0,8");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect.poll(find).toMatchObject({ modalities: ["text", "image", "file"], region: "eu", quality: 0.8 });
  await left.check();
  await page.getByLabel("Region").fill("");
  await page.getByLabel("Quality").fill("");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect.poll(find).toMatchObject({ modalities: null, region: null, quality: null });
});

test("nothing outside of the server was asked, and nothing broke on the way", () => {
  expect(visits.flatMap(({ faults }) => faults)).toEqual([]);
});
