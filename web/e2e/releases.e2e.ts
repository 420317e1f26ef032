/** A version is brought to everybody step by step, held, approved, and taken back. HONE_URL and HONE_KEY say where. */
import { expect, test } from "vitest";

import { accessibilityFaults } from "./browser";
import { api, call, guest, headers, origin, RUN, visits, type Guest } from "./guests";

const MODEL = `helper-${RUN}`;

let ada: Guest;

/** Which of the two versions answers a call of somebody; null where nothing is split. */
async function armOf(user: string): Promise<string | null> {
  const body = JSON.stringify({ model: MODEL, user, messages: [{ role: "user", content: "Hello" }] });
  const response = await fetch(`${origin}/v1/chat/completions`, { method: "POST", headers, body });
  await response.text();
  expect(response.status).toBe(200);
  return response.headers.get("x-hone-arm");
}

const USERS = Array.from({ length: 12 }, (_, number) => `guest-${number}`);

const register = (version: string, model: string) => api("POST", "/api/ai/models", { action: "register", name: MODEL, version, config: { model } });

test("one version is live, and a newer one is there", async () => {
  await register("1.0.0", "venue");
  await api("POST", "/api/ai/models", { action: "deploy", name: MODEL, version: "1.0.0", override: { reason: "The first one has nothing to beat." } });
  await register("1.1.0", "backup");
  await expect.poll(async () => (await call(MODEL, "guest-0")).status, { timeout: 15_000 }).toBe(200);
  ada = await guest("Ada", "admin");
});

test("the form says what will happen before anything does", async () => {
  const { page } = ada;
  await page.goto(`${origin}/releases/new?name=${MODEL}&version=1.1.0`);
  const told = page.getByRole("complementary", { name: "What will happen" });
  await told.getByText("is made ready beside 1.0.0").waitFor();
  await page.getByLabel("Strategy").selectOption("gradual");
  await page.getByText("Steps and guardrails").click();
  await page.getByLabel("Share of step 4").waitFor();
  for (const [step, share] of [[1, "40"], [2, "50"], [3, "60"], [4, "100"]] as const) {
    await page.getByLabel(`Share of step ${step}`).fill(share);
    await page.getByLabel(`Minutes of step ${step}`).fill("0");
  }
  const steps = page.getByRole("group", { name: "Steps" });
  await steps.getByRole("button", { name: "Remove step 3" }).click();
  await steps.getByRole("button", { name: "Remove step 3" }).click();
  await steps.getByRole("checkbox").first().check();
  await steps.getByRole("checkbox").last().check();
  await told.getByText("until somebody approves").first().waitFor();
  await page.getByLabel("Reason").fill("Better on refunds.");
  const why = page.getByLabel("Why all the same");
  if (await why.count()) await why.fill("It is a story, and nobody is harmed.");
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole("button", { name: /^Release 1.1.0/ }).click();
  await page.getByRole("heading", { name: `${MODEL} 1.1.0` }).waitFor();
});

test("it waits where it was told to, and a part of the people has it", async () => {
  const { page } = ada;
  await page.getByText("It waits for somebody to approve the next step.").waitFor({ timeout: 60_000 });
  await page.getByRole("listitem").filter({ hasText: "now" }).getByText("40").first().waitFor();
  const first = await Promise.all(USERS.map(armOf));
  expect(new Set(first)).toEqual(new Set(["live", "candidate"]));
  expect(await Promise.all(USERS.map(armOf))).toEqual(first);
  expect(await accessibilityFaults(page)).toEqual([]);
});

test("an approval lets it go on", async () => {
  const { page } = ada;
  await page.getByRole("button", { name: "Approve" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("It goes on to 50").waitFor();
  await dialog.getByLabel(/^Note/).fill("Looks well.");
  await dialog.getByRole("button", { name: "Approve" }).click();
  await page.getByText("Step 2 is done").first().waitFor({ timeout: 30_000 });
  await page.getByText("Looks well.").first().waitFor();
});

test("one press takes it back, and everybody has what they had", async () => {
  const { page } = ada;
  await page.getByRole("button", { name: "Roll back to 1.0.0" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("1.0.0 answers every call").waitFor();
  await dialog.getByLabel("Reason").fill("Support asked for it.");
  await dialog.getByRole("button", { name: "Go back to 1.0.0" }).click();
  await page.getByText("Rolled back", { exact: true }).waitFor({ timeout: 30_000 });
  await page.getByText("went back here").waitFor();
  expect(new Set(await Promise.all(USERS.map(armOf)))).toEqual(new Set([null]));
});

test("it is listed with how it ended", async () => {
  const { page } = ada;
  await page.getByRole("link", { name: "Releases" }).first().click();
  await page.getByRole("row").filter({ hasText: MODEL }).getByText("Rolled back").waitFor();
});

test("nothing outside of the server was asked, and nothing broke on the way", () => {
  expect(visits.flatMap(({ faults }) => faults)).toEqual([]);
});
