/**
 * How long it takes from a key or a press to the next paint, with 100,000 operations loaded and new ones pushed twice a
 * second. Run it by `make bench-dashboard`.
 *
 * The browser itself measures: Event Timing (W3C), which rounds to 8 ms and tells of what takes 16 ms or more.
 */
import type { Page, WebSocketRoute } from "playwright-core";
import { test } from "vitest";

import { metrics, operation } from "../src/testing/factories";
import { operationRead } from "../src/testing/operation";

import { visit } from "./browser";
import { report, type Figures } from "./report";
import { healthy, signedIn } from "./stage";
import { browser, origin } from "./staged";

const ROWS = 100_000;
const BAR_MS = 200;
const TIMES = 20;

let page: Page;
const measured: Figures[] = [];

interface Timings {
  timings: number[];
}

/** Does something many times and takes down how long the browser needed, each time, until it had painted. */
async function measure(what: string, act: (time: number) => Promise<unknown>): Promise<void> {
  const durations: number[] = [];
  for (let time = 0; time < TIMES; time++) {
    await page.evaluate(() => void ((globalThis as unknown as Timings).timings = []));
    await act(time);
    // Two frames and a task later, the browser has told of all that came before.
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 60)))));
    durations.push(Math.max(8, ...(await page.evaluate(() => (globalThis as unknown as Timings).timings))));
  }
  measured.push({ what, durations });
}

test("interactions on a list of 100,000 rows", { timeout: 600_000 }, async () => {
  ({ page } = await visit(browser, origin));
  await page.addInitScript(() => {
    const kept = globalThis as unknown as Timings;
    kept.timings = [];
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) kept.timings.push(duration);
    }).observe({ type: "event", durationThreshold: 16 } as PerformanceObserverInit);
  });
  const newest = Date.now() - 60_000;
  const items = Array.from({ length: ROWS }, (_, index) => operation(newest - index * 900, index));
  const one = operationRead();
  await signedIn(page, { ...healthy, "/api/ai/operations/facets": { model: [], route: [], status: [{ value: "error", label: null, requests: 15 }], kind: [], errorCode: [], key: [] }, "/api/ai/operations/views": { items: [], total: 0, next: null } });
  await page.clock.setSystemTime(Date.now());
  // Asked last, answered first: the list once, then what came meanwhile.
  let asked = 0;
  let came = 0;
  await page.route(/\/api\/ai\/operations\?/, async (route) => {
    const list = ++asked === 1 ? items : Array.from({ length: came }, (_, index) => operation(newest + (came - index) * 500, index, { id: `op_new${came - index}` }));
    await route.fulfill({ json: { items: list, total: null, next: null, searchedUntil: null } });
  });
  await page.route(/\/api\/ai\/operations\/op_/, (route) => route.fulfill({ json: one }));
  const lines: WebSocketRoute[] = [];
  await page.routeWebSocket(/\/ws$/, (socket) => {
    lines.push(socket);
    socket.send(JSON.stringify({ type: "authenticated" }));
  });
  await page.goto(`${origin}/operations?follow=true&columns=["time","status","model","cost","latency","id"]`);
  await page.getByRole("row").nth(20).waitFor({ timeout: 120_000 });
  const pushing = setInterval(() => {
    came++;
    const push = metrics(Date.now(), { operations: [operation(newest + came * 500, 0, { id: `op_new${came}` })] });
    for (const line of lines) line.send(JSON.stringify(push));
  }, 500);

  await page.getByText("op_new1", { exact: true }).waitFor({ timeout: 30_000 });
  await measure("next row (j)", () => page.keyboard.press("j"));
  await measure("open and close a row (Enter, Escape)", async () => {
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  });
  await measure("a filter's menu (press, Escape)", async () => {
    await page.getByRole("button", { name: "Filter", exact: true }).click();
    await page.keyboard.press("Escape");
  });
  await measure("find anything (Ctrl+K, a letter, Escape)", async () => {
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox").waitFor();
    await page.keyboard.press("m");
    await page.keyboard.press("Escape");
  });
  await measure("to the last row and back (End, Home)", async (time) => {
    await page.keyboard.press(time % 2 ? "Home" : "End");
  });
  clearInterval(pushing);
  report("Interaction to paint", `${ROWS.toLocaleString("en")} operations loaded, new ones pushed twice a second; ${TIMES} times each.`, BAR_MS, measured);
});
