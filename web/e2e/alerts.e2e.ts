/** A monitor is made, something breaks, an alert opens on what moved it, and somebody sees to it. HONE_URL and HONE_KEY say where. */
import { expect, test } from "vitest";

import { api, guest, origin, pages, RUN, visits, type Guest } from "./guests";

const MODEL = `broken-${RUN}`;
const NAME = `Failed calls of ${MODEL}`;
let ada: Guest;

/** A call that was made elsewhere, as the API takes it. */
const logged = (success: boolean) =>
  api("POST", "/api/ai/operations/log", {
    modelId: MODEL,
    operationType: "classification",
    input: "my card was declined",
    output: success ? "billing" : "",
    confidence: 0.6,
    responseTimeMs: 120,
    inputTokens: 9,
    outputTokens: 1,
    success,
    errorMessage: success ? null : "the model fell over",
    userId: "u-1",
  });

test("what is watched from the first day is there, and something of one's own is added", async () => {
  ada = await guest("Ada", "admin");
  const { page } = ada;
  await page.goto(`${origin}/monitors`);
  await page.getByRole("heading", { name: "Objectives" }).waitFor();
  await page.getByRole("link", { name: "Response time" }).waitFor();
  for (let each = 0; each < 3; each++) await logged(true);
  await api("POST", "/api/monitors", { name: NAME, kind: "metric", model: MODEL, rule: { metric: "error_rate", threshold: 0.05, minimum: 5 } });
  await page.reload();
  await page.getByRole("row").filter({ hasText: NAME }).click();
  await page.getByRole("heading", { name: NAME }).waitFor();
  await page.getByText("It rings when failed calls of").waitFor();
});

test("a monitor is changed by its form", async () => {
  const { page } = ada;
  await page.getByRole("button", { name: "Change" }).click();
  await page.getByLabel("Rings above").fill("10");
  await page.getByRole("button", { name: "Save the monitor" }).click();
  await page.getByText("is above 10.0").waitFor();
});

test("calls fail, and the alert opens on what moved it", async () => {
  const { page } = ada;
  for (let each = 0; each < 40; each++) await logged(false);
  await expect
    .poll(
      async () => {
        await page.getByRole("button", { name: "Measure now" }).click();
        return page.getByRole("link", { name: "its alert" }).isVisible();
      },
      { timeout: 30_000, interval: 1000 },
    )
    .toBe(true);
  await page.getByRole("link", { name: "its alert" }).click();
  await page.getByRole("heading", { name: /Calls fail/ }).waitFor();
  await page.getByText("The calls that moved it").waitFor();
  await pages(page).getByText(/^\d+ critical$/).waitFor();
});

test("somebody sees to it, and resolves it with a note", async () => {
  const { page } = ada;
  await page.getByRole("button", { name: "I see to it" }).click();
  await page.getByText("Seen to", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Resolve" }).click();
  await page.getByLabel("What it was, and what was done").fill("The model was restarted.");
  await page.getByRole("dialog").getByRole("button", { name: "Resolve" }).click();
  await page.getByText("The model was restarted.").waitFor();
});

test("a channel says what is wrong with it", async () => {
  const { page } = ada;
  await page.goto(`${origin}/alerts/channels`);
  await page.getByRole("button", { name: "Add a channel" }).first().click();
  await page.getByText("Webhook", { exact: true }).click();
  await page.getByLabel("Address").fill("https://hooks.invalid/hone");
  await page.getByRole("button", { name: "Add the channel" }).click();
  await page.getByText("Copy the secret now").or(page.getByText("Nothing was saved")).or(page.getByRole("alert")).first().waitFor();
  if (await page.getByText("Copy the secret now").isVisible()) {
    await page.getByRole("button", { name: "I have copied it" }).click();
    await page.getByRole("button", { name: "Send a test to Webhook" }).click();
    await page.getByText("The test did not arrive").waitFor();
  }
});

test("nothing outside of the server was asked, and nothing broke on the way", () => {
  expect(visits.flatMap(({ faults }) => faults)).toEqual([]);
});
