/** Somebody who never read statistics compares two models, sees who has which, and decides. HONE_URL and HONE_KEY say where. */
import { expect, test } from "vitest";

import { accessibilityFaults } from "./browser";
import { api, call, guest, headers, origin, pages, RUN, visits, type Guest, until } from "./guests";

const TARGET = `desk-${RUN}`;
const OTHER = `${TARGET}-other`;
const NAME = `Another model ${RUN}`;

interface Named {
  items: { id: string; name: string; provider: string; upstream: string }[];
}

let ada: Guest;
let id = "";

/** A call of somebody: which arm answered it. */
async function armOf(user: string): Promise<string | null> {
  const body = JSON.stringify({ model: TARGET, user, messages: [{ role: "user", content: "Hello" }] });
  const response = await fetch(`${origin}/v1/chat/completions`, { method: "POST", headers, body });
  await response.text();
  expect(response.status).toBe(200);
  return response.headers.get("x-hone-arm");
}

test("there is something to compare", async () => {
  const model = (await api<Named>("GET", "/api/models")).items.find(({ upstream }) => !upstream.includes("status="));
  if (!model) throw new Error("The server has no model.");
  await api("POST", "/api/models", { name: OTHER, provider: model.provider, upstream: "story", price: { input: 1, output: 2 } });
  await api("POST", "/api/routes", { name: TARGET, targets: [{ model: model.name }] });
  await expect.poll(async () => (await call(TARGET)).status, { timeout: 15_000 }).toBe(200);
  ada = await guest("Ada", "admin");
});

test("six questions, each answered already, lead to an experiment that runs", async () => {
  const { page } = ada;
  await page.goto(origin);
  await pages(page).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("x");
  await page.getByRole("link", { name: "Compare two" }).first().click();
  await page.getByLabel("Name").fill(NAME);
  await page.getByLabel("Calls of").selectOption({ label: `${TARGET} · route` });
  await page.getByRole("button", { name: "Next: arms" }).click();
  await page.getByRole("button", { name: "Next: measures" }).click();
  await page.getByText("Choose what treatment answers with.").waitFor();
  await page.getByLabel("Model", { exact: true }).selectOption(OTHER);
  await page.getByRole("complementary", { name: "What it takes" }).getByText("Nobody knows yet").waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  for (const next of ["measures", "audience", "duration", "review"]) await page.getByRole("button", { name: `Next: ${next}` }).click();
  await page.getByText(`50 % treatment: model ${OTHER}.`).waitFor();
  await page.getByRole("button", { name: "Start the experiment" }).click();
  await page.getByRole("heading", { name: NAME }).waitFor();
  id = page.url().split("/").at(-1) ?? "";
  expect(id).toMatch(/^exp_/);
});

test("everybody stays with the arm that they got, and the page counts them", async () => {
  const { page } = ada;
  await expect.poll(() => armOf("guest-0"), { timeout: 15_000 }).toMatch(/control|treatment/);
  const users = Array.from({ length: 12 }, (_, number) => `guest-${number}`);
  const first = await Promise.all(users.map(armOf));
  expect(new Set(first)).toEqual(new Set(["control", "treatment"]));
  expect(await Promise.all(users.map(armOf))).toEqual(first);
  await expect.poll(async () => (await api<{ arms: { units: number }[] }>("GET", `/api/experiments/${id}/results`)).arms.reduce((sum, { units }) => sum + units, 0), { timeout: 30_000 }).toBeGreaterThanOrEqual(12);
  await page.reload();
  await page.getByRole("region", { name: "Verdict" }).or(page.getByText(/not enough|Not enough/).first()).first().waitFor();
  const arms = page.getByRole("region", { name: "Figures of each arm" });
  await arms.getByRole("row").filter({ hasText: "treatment" }).getByText(`model ${OTHER}`).waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
});

test("the calls of an arm are one press away, and each says which it met", async () => {
  const { page } = ada;
  await page.getByRole("link", { name: /^The calls of treatment/ }).click();
  await until(() => page.getByRole("row").filter({ hasText: OTHER }).first().click(), page.getByText("treatment of").first());
  await page.getByRole("link", { name: "the experiment" }).first().click();
  await page.getByRole("heading", { name: NAME }).waitFor();
});

test("who decides against the figures is told so, and says why", async () => {
  const { page } = ada;
  await page.getByRole("button", { name: "Decide", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Who wins").selectOption("treatment");
  await dialog.getByText("The figures do not say so").waitFor();
  await dialog.getByLabel("Reason").fill("It is only tried out.");
  await dialog.getByRole("button", { name: "Decide for treatment" }).click();
  await page.getByText(`Decided for treatment: it answers every call of ${TARGET}`).waitFor();
  await expect.poll(async () => (await api<{ modelName: string }>("GET", `/api/ai/operations/${(await call(TARGET)).id}`)).modelName, { timeout: 20_000 }).toBe(OTHER);
});

test("it is found by its name, and by its id", async () => {
  const { page } = ada;
  for (const [typed, seen] of [[NAME, NAME], [id, id]] as const) {
    await page.keyboard.press("Control+k");
    await page.keyboard.type(typed);
    await page.getByRole("option", { name: new RegExp(seen) }).filter({ hasText: "Experiment" }).waitFor();
    await page.keyboard.press("Escape");
  }
});

test("nothing outside of the server was asked, and nothing broke on the way", () => {
  expect(visits.flatMap(({ faults }) => faults)).toEqual([]);
});
