/**
 * A model is trained, improves by itself, asks before it is released, and tells the story. Beside it the callers of the demo correct another
 * one, which goes all the way with nobody at the keys, and so does a bad version back. HONE_URL, HONE_KEY and HONE_PYTHON say where.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";

import { afterAll, expect, test } from "vitest";

import { accessibilityFaults } from "./browser";
import { api, guest, headers, origin, pages, RUN, visits, type Guest } from "./guests";

const MODEL = `loop-${RUN}`;
const PHRASES: Record<string, string[]> = {
  billing: ["my card was declined", "I was charged twice", "refund the invoice", "the bill is wrong"],
  access: ["I cannot sign in", "reset my password", "the login fails", "locked out of my account"],
};
const FILLERS = ["please help,", "hello,", "since yesterday", "again", "it seems that", "urgent:", "I think", "for the third time", "on my phone", "today"];

const python = process.env["HONE_PYTHON"] ?? "";
const CALLED = "venue-requests";
const PLAY = 'import os; from hone.cli.story import Story; Story(os.environ["HONE_URL"], os.environ["HONE_KEY"], print, pause=0.02).play()';
/** The callers of the demo. */
const callers = python === "" ? null : spawn(python, ["-c", PLAY], { stdio: ["ignore", "inherit", "inherit"] });
const gone = callers && once(callers, "exit");

afterAll(() => callers?.kill());

let ada: Guest;

/** So many examples of each label. */
async function examples(each: number, from: number): Promise<void> {
  const rows = Object.entries(PHRASES).flatMap(([output, phrases]) =>
    Array.from({ length: each }, (_, index) => {
      const number = from + index;
      const input = `${FILLERS[number % 10] ?? ""} ${phrases[number % 4] ?? ""} ${FILLERS[(Math.floor(number / 3) + 4) % 10] ?? ""} ${number}`;
      return JSON.stringify({ input, output, status: "validated" });
    }),
  );
  const response = await fetch(`${origin}/api/datasets/${MODEL}/import?format=jsonl`, { method: "POST", headers: { ...headers, "content-type": "application/x-ndjson" }, body: rows.join("\n") });
  expect(response.status, await response.text()).toBeLessThan(300);
}

test("a model is there, and something is new since", async () => {
  await api("POST", "/api/datasets", { name: MODEL, kind: "intent" });
  await examples(40, 0);
  const { id } = await api<{ id: string }>("POST", "/api/training/runs", { name: MODEL, task: "intent", engine: "linear", data: { dataset: MODEL } });
  const state = async () => (await api<{ state: string }>("GET", `/api/training/runs/${id}`)).state;
  await expect.poll(state, { timeout: 50_000, interval: 500 }).toBe("succeeded");
  await examples(20, 100);
  ada = await guest("Ada", "admin");
});

test("it is let improve by itself, and is to ask before it releases", async () => {
  const { page } = ada;
  await page.goto(origin);
  await pages(page).getByRole("link", { name: "Automatic" }).click();
  await page.getByRole("button", { name: "Let a model improve" }).first().click();
  await page.getByLabel("Model", { exact: true }).selectOption(MODEL);
  await page.getByRole("button", { name: "Let it improve" }).click();
  await page.getByText("waits for an approval and is released as a canary").waitFor();
});

test("a turn is begun, trains, and waits with its evidence", async () => {
  const { page } = ada;
  await page.getByRole("button", { name: `Start a turn now: ${MODEL}` }).click();
  await page.getByLabel("Why now").fill("The labels were looked through.");
  await page.getByRole("button", { name: "Start the turn" }).click();
  await page.getByRole("heading", { name: `A turn of ${MODEL}` }).waitFor();
  await page.getByRole("region", { name: "It waits for an approval" }).waitFor({ timeout: 55_000 });
  await page.getByRole("link", { name: "how it was trained" }).waitFor();
});

test("somebody ends it, and the story says who and why", async () => {
  const { page } = ada;
  await page.getByRole("button", { name: "Reject" }).click();
  await page.getByRole("dialog").getByLabel("Why").fill("One of the labels goes away.");
  await page.getByRole("button", { name: "End the turn" }).click();
  await page.getByText("Rejected", { exact: true }).first().waitFor();
  await page.getByRole("region", { name: "The story" }).getByText("One of the labels goes away.").waitFor();
});

const withCallers = test.skipIf(callers === null);

withCallers("the overview tells of the model that improves by itself, until it is promoted", async () => {
  const { page } = ada;
  await pages(page).getByRole("link", { name: "Overview" }).click();
  const told = page.getByRole("region", { name: "What is changing" }).getByRole("listitem").filter({ has: page.getByRole("link", { name: `${CALLED} 1.1.0` }) });
  await told.getByText("Promoted", { exact: true }).waitFor({ timeout: 55_000 });
  expect(await accessibilityFaults(page)).toEqual([]);
  await told.getByRole("link").first().click();
});

withCallers("its story goes from the corrections to the promotion, in words", async () => {
  const { page } = ada;
  const story = page.getByRole("region", { name: "The story" });
  const tells = ["judged answers is below 90.0", "It was trained on ", "has passed its", "The new version wins: the share of answers that nobody corrected is"];
  for (const words of tells) await story.getByText(words).first().waitFor();
  interface Turn { id: string; versionNumber: string; timeline: { decision: string }[] }
  const { items } = await api<{ items: Turn[] }>("GET", `/api/improvement/turns?model=${CALLED}`);
  const turn = await api<Turn>("GET", `/api/improvement/turns/${items.at(-1)?.id ?? ""}`);
  expect(turn.timeline.map(({ decision }) => decision)).toEqual(["triggered", "training_started", "trained", "release_started", "comparison_started", "winner", "promoted"]);
  const learned = await api<{ total: number | null }>("GET", `/api/ai/training-data?dataset=${CALLED}&limit=1`);
  expect(learned.total ?? Infinity, "feedback became no examples").toBeGreaterThan(270);
});

withCallers("its release came to everybody in steps", async () => {
  const { page } = ada;
  await page.getByRole("link", { name: "how it came to traffic" }).click();
  await page.getByRole("heading", { name: `${CALLED} 1.1.0` }).waitFor();
  await page.getByText("Succeeded", { exact: true }).waitFor();
  const happened = page.getByRole("list", { name: "What happened, newest first" });
  for (const words of ["The candidate is made ready", "Step 1 of 2", "Step 2 of 2", "The new version has all of the traffic."]) await happened.getByText(words).first().waitFor();
});

withCallers("a version that was trained on wrong labels went back by itself, and the timeline says why", async () => {
  const { page } = ada;
  await pages(page).getByRole("link", { name: "Releases" }).click();
  const row = page.getByRole("row").filter({ hasText: `${CALLED} 1.2.0` });
  await row.getByText("Rolled back").waitFor({ timeout: 55_000 });
  await row.getByText(CALLED).click();
  await page.getByText("went back here").waitFor();
  await page.getByRole("list", { name: "What happened, newest first" }).getByText("It goes back.").first().waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  const { live } = await api<{ live: Record<string, string | null> }>("GET", `/api/ai/models/${CALLED}`);
  expect(live["production"]).toBe("1.1.0");
  expect(await gone).toEqual([0, null]);
});

test("nothing outside of the server was asked, and nothing broke on the way", () => {
  expect(visits.flatMap(({ faults }) => faults)).toEqual([]);
});
