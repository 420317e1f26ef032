/** What is watched, who is told, and what improves by itself, by keyboard alone. HONE_URL and HONE_KEY say where. */
import { expect, test } from "vitest";

import { api, guest, headers, origin, pages, RUN, visits } from "./guests";
import { hands, tabTo, type Hands } from "./hands";

const MODEL = `watched-${RUN}`;
const MONITOR = `Failed calls of ${MODEL}`;
const CHANNEL = `Mail ${RUN}`;
const ASKED = ["my card was declined", "I was charged twice", "refund the invoice", "the bill is wrong"];
const OTHERS = ["I cannot sign in", "reset my password", "the login fails", "locked out of my account"];

let ada: Hands;

/** A call that was made elsewhere, as the API takes it. */
const logged = (success: boolean) =>
  api("POST", "/api/ai/operations/log", { modelId: MODEL, operationType: "classification", input: "my card", output: "billing", responseTimeMs: 120, inputTokens: 9, outputTokens: 1, success, errorMessage: success ? null : "the model fell over" });

/** A model that was trained here once, so that it can be trained again. */
async function train(): Promise<void> {
  await api("POST", "/api/datasets", { name: MODEL, kind: "intent" });
  const rows = [ASKED, OTHERS].flatMap((texts, label) => Array.from({ length: 40 }, (_, each) => JSON.stringify({ input: `${texts[each % 4] ?? ""} for the ${each}th time`, output: label === 0 ? "billing" : "access", status: "validated" })));
  const sent = await fetch(`${origin}/api/datasets/${MODEL}/import?format=jsonl`, { method: "POST", headers: { ...headers, "content-type": "application/x-ndjson" }, body: rows.join("\n") });
  expect(sent.status, await sent.text()).toBeLessThan(300);
  const { id } = await api<{ id: string }>("POST", "/api/training/runs", { name: MODEL, task: "intent", engine: "linear", data: { dataset: MODEL } });
  const state = async () => (await api<{ state: string }>("GET", `/api/training/runs/${id}`)).state;
  await expect.poll(state, { timeout: 50_000, interval: 500 }).toBe("succeeded");
}

test("somebody is there, a model, and calls of it", async () => {
  const { page } = await guest("Ada", "admin");
  await page.goto(origin);
  await pages(page).waitFor();
  ada = hands(page);
  await ada.press("Tab");
  for (let each = 0; each < 3; each++) await logged(true);
  await train();
});

test("something is watched, changed, turned off and on, and deleted", async () => {
  const { page, press, use, write, choose, sees, at, gone } = ada;
  await press("g", "w");
  await page.getByRole("heading", { name: "Objectives" }).waitFor();
  await use("button", "Watch something");
  await at("combobox", "What");
  await choose("Of", MODEL);
  await choose("Metric", "Failed calls");
  await write("Rings above", "5");
  await write(/^Name/, MONITOR);
  await press("Enter");
  await page.getByRole("heading", { name: MONITOR }).waitFor();
  await use("button", "Change");
  await write("Rings above", "10");
  await press("Enter");
  await at("button", "Change");
  await sees("is above 10.0");
  await use("button", "Turn off");
  await sees(`${MONITOR} is not watched`);
  await use("button", "Turn on");
  await use("button", "Measure now");
  await sees("Measured just now");
  await use("button", "Delete");
  await page.getByRole("dialog", { name: `Delete the monitor ${MONITOR}?` }).waitFor();
  await press("Escape");
  await at("button", "Delete");
  await press("Enter");
  await use("button", `Delete ${MONITOR}`);
  await page.getByRole("heading", { name: "Objectives" }).waitFor();
  await gone("row", new RegExp(MONITOR));
});

test("an alert is opened from the list, seen to, and resolved with a note", async () => {
  const { page, press, use, write, sees, at } = ada;
  const { id } = await api<{ id: string }>("POST", "/api/monitors", { name: MONITOR, kind: "metric", model: MODEL, rule: { metric: "error_rate", threshold: 0.05, minimum: 5 } });
  for (let each = 0; each < 40; each++) await logged(false);
  const open = async () => {
    await api("POST", `/api/monitors/${id}/check`);
    return (await api<{ total: number }>("GET", `/api/ai/alerts?monitor=${id}`)).total;
  };
  await expect.poll(open, { timeout: 30_000, interval: 1000 }).toBe(1);
  await press("g", "a");
  await page.getByRole("row").filter({ hasText: "Calls fail" }).first().waitFor();
  await use("button", "Filter");
  await press("Escape");
  await at("button", "Filter");
  // Other monitors may have found something, too: one walks to the row.
  await tabTo(page, page.locator("tr[tabindex='0']"));
  const row = page.locator("tr:focus");
  for (let left = 20; left > 0 && !(await row.innerText()).includes("Calls fail"); left--) await press("j");
  await press("Enter");
  await page.getByRole("heading", { name: /Calls fail/ }).waitFor();
  await use("button", "I see to it");
  await sees("Seen to");
  await use("button", "Silence");
  await press("Escape");
  await at("button", "Silence");
  await use("button", "Resolve");
  await write(/^What it was, and what was done/, "The model was restarted.");
  await use("button", "Resolve", /./);
  await sees("The model was restarted.");
});

test("a channel is added, changed, turned off, and deleted", async () => {
  const { page, press, use, to, write, at, gone } = ada;
  await press("g", "a");
  await use("link", "Who is told");
  await use("button", "Add a channel");
  await to("radio", "E-mail");
  await write(/^To/, `ada-${RUN}@example.org`);
  await write(/^Name/, CHANNEL);
  await press("Enter");
  await gone("dialog", "Add a channel");
  await use("button", `Turn off ${CHANNEL}`);
  await use("button", `Turn on ${CHANNEL}`);
  await use("button", `Change ${CHANNEL}`);
  await press("Escape");
  await at("button", `Change ${CHANNEL}`);
  await use("button", `Delete ${CHANNEL}`);
  await page.getByRole("dialog", { name: `Delete the channel ${CHANNEL}?` }).waitFor();
  await use("button", `Delete ${CHANNEL}`, /^Delete the channel/);
  await gone("button", `Change ${CHANNEL}`);
});

test("a model is let improve by itself, changed, and left alone again", async () => {
  const { page, press, use, choose, write, sees, at } = ada;
  await press("g", "i");
  await page.getByRole("heading", { name: "Automatic improvement" }).waitFor();
  await use("button", "Let a model improve");
  await choose("Model", MODEL);
  await use("checkbox", /^Ask before it is trained/);
  await write("Runs in 24 hours", "2");
  await press("Enter");
  await sees("waits for an approval");
  await use("button", `Change the policy of ${MODEL}`);
  await write("Runs in 24 hours", "3");
  await press("Enter");
  await at("button", `Change the policy of ${MODEL}`);
  await sees("of 3 runs in 24 h");
  await use("button", `Turn off the policy of ${MODEL}`);
  await use("button", `Turn on the policy of ${MODEL}`);
  await use("button", `Start a turn now: ${MODEL}`);
  await write(/^Why now/, "The labels were looked through.");
  await press("Escape");
  await at("button", `Start a turn now: ${MODEL}`);
  await use("button", `Delete the policy of ${MODEL}`);
  await page.getByRole("dialog").waitFor();
  await press("Escape");
  await at("button", `Delete the policy of ${MODEL}`);
});

test("nothing outside of the server was asked, and nothing broke on the way", () => {
  expect(visits.flatMap(({ faults }) => faults)).toEqual([]);
});
