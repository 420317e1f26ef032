/**
 * The story of document 4, seen by somebody who only looks: the callers of the demo correct a model, which goes all the way to a better
 * version with nobody at the keys; then a bad version comes, and goes back by itself. HONE_URL, HONE_KEY and HONE_PYTHON say where.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";

import { afterAll, expect, test } from "vitest";

import { accessibilityFaults } from "./browser";
import { api, guest, origin, pages, visits, type Guest } from "./guests";

const python = process.env["HONE_PYTHON"] ?? "";
const CALLED = "venue-requests";
const PLAY = 'import os; from hone.cli.story import Story; Story(os.environ["HONE_URL"], os.environ["HONE_KEY"], print, pause=0.02).play()';
/** The callers of the demo. */
const callers = python === "" ? null : spawn(python, ["-c", PLAY], { stdio: ["ignore", "inherit", "inherit"] });
const gone = callers && once(callers, "exit");
const LONGEST_MS = 100_000;

afterAll(() => callers?.kill());

const told = (name: string, tell: () => Promise<void>) => test.skipIf(callers === null)(name, tell, LONGEST_MS + 5000);

let ada: Guest;

told("the overview tells of the model that improves by itself, until it is promoted", async () => {
  ada = await guest("Ada", "admin");
  const { page } = ada;
  await page.goto(origin);
  const told = page.getByRole("region", { name: "What is changing" }).getByRole("listitem").filter({ has: page.getByRole("link", { name: `${CALLED} 1.1.0` }) });
  await told.getByText("Promoted", { exact: true }).waitFor({ timeout: LONGEST_MS });
  expect(await accessibilityFaults(page)).toEqual([]);
  await told.getByRole("link").first().click();
});

told("its story goes from the corrections to the promotion, in words", async () => {
  const { page } = ada;
  const story = page.getByRole("region", { name: "The story" });
  const tells = ["judged answers is below 90.0", "It was trained on ", "has passed its", "The new version wins: the share of answers that nobody corrected is"];
  for (const words of tells) await story.getByText(words).first().waitFor();
  interface Turn { id: string; state: string; timeline: { decision: string }[] }
  const { items } = await api<{ items: Turn[] }>("GET", `/api/improvement/turns?model=${CALLED}`);
  const promoted = items.find(({ state }) => state === "promoted");
  const turn = await api<Turn>("GET", `/api/improvement/turns/${promoted?.id ?? ""}`);
  expect(turn.timeline.map(({ decision }) => decision)).toEqual(["triggered", "training_started", "trained", "release_started", "comparison_started", "winner", "promoted"]);
  const learned = await api<{ total: number | null }>("GET", `/api/ai/training-data?dataset=${CALLED}&limit=1`);
  expect(learned.total ?? Infinity, "feedback became no examples").toBeGreaterThan(270);
});

told("its release came to everybody in steps", async () => {
  const { page } = ada;
  await page.getByRole("link", { name: "how it came to traffic" }).click();
  await page.getByRole("heading", { name: `${CALLED} 1.1.0` }).waitFor();
  await page.getByText("Succeeded", { exact: true }).waitFor();
  const happened = page.getByRole("list", { name: "What happened, newest first" });
  for (const words of ["The candidate is made ready", "Step 1 of 2", "Step 2 of 2", "The new version has all of the traffic."]) await happened.getByText(words).first().waitFor();
});

told("a version that was trained on wrong labels went back by itself, and the timeline says why", async () => {
  const { page } = ada;
  await pages(page).getByRole("link", { name: "Releases" }).click();
  const row = page.getByRole("row").filter({ hasText: `${CALLED} 1.2.0` });
  await row.getByText("Rolled back").waitFor({ timeout: LONGEST_MS });
  await row.getByText(CALLED).click();
  await page.getByText("went back here").waitFor();
  await page.getByRole("list", { name: "What happened, newest first" }).getByText("and that is not chance.").first().waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  const { live } = await api<{ live: Record<string, string | null> }>("GET", `/api/ai/models/${CALLED}`);
  expect(live["production"]).toBe("1.1.0");
  expect(await gone).toEqual([0, null]);
});

test("nothing outside of the server was asked, and nothing broke on the way", () => {
  expect(visits.flatMap(({ faults }) => faults)).toEqual([]);
});
