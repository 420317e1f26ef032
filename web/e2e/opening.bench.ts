/** How long a first page takes, from its address until it answers: a whole Hone, and a browser that keeps nothing yet. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";

import { guest, origin, reopened, visits } from "./guests";
import { report, type Figures } from "./report";

const BAR_MS = 1000;
const TIMES = 9;

const first = [
  { what: "Overview: figures, and “Live”", path: "/", there: ["Last operations", "Live"] },
  { what: "Operations: rows", path: "/operations", there: ["assistant"] },
  { what: "Routes: rows", path: "/routes", there: ["assistant"] },
];

/** The page looks at itself in every frame: a locator would look every half second at last. */
async function open(page: Page, path: string, there: string[]): Promise<number> {
  await page.goto(origin + path, { waitUntil: "commit" });
  const shown = await page.waitForFunction((texts) => {
    const main = document.querySelector("main")?.innerText.split(/\s*\n\s*|\t/) ?? [];
    return texts.every((text) => main.includes(text)) && performance.now();
  }, there, { polling: "raf" });
  return Number(await shown.jsonValue());
}

test("a first page", { timeout: 300_000 }, async () => {
  const { page } = await guest("First Page", "admin");
  const state = await page.context().storageState();
  const measured: Figures[] = [];
  for (const { what, path, there } of first) {
    const durations: number[] = [];
    for (let time = 0; time < TIMES; time++) {
      const fresh = await reopened(state);
      durations.push(await open(fresh, path, there));
      await fresh.context().close();
    }
    measured.push({ what, durations });
  }
  report("First page", `From the address until the page shows what it is for and answers; ${TIMES} times each, in a browser without a cache.`, BAR_MS, measured);
  expect(visits.flatMap(({ faults }) => faults)).toEqual([]);
});
