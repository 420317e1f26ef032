/** The line to the server is cut and comes back: nothing is missing, nothing is shown twice. HONE_URL and HONE_KEY say where. */
import type { Page, WebSocketRoute } from "playwright-core";
import { expect, test } from "vitest";

import { api, call, guest, opened, origin, RUN, visits } from "./guests";

const MINUTE_MS = 60_000;

/** A page whose live connection can be cut, as a proxy or a tunnel would. */
async function cuttable(page: Page): Promise<{ cut: () => Promise<void>; mend: () => void }> {
  let broken = false;
  const lines = new Set<WebSocketRoute>();
  await page.routeWebSocket(/\/ws$/, async (line) => {
    if (broken) {
      await line.close({ code: 1001 });
      return;
    }
    line.connectToServer();
    lines.add(line);
  });
  return {
    cut: async () => {
      broken = true;
      await Promise.all([...lines].map((line) => line.close({ code: 1001 })));
      lines.clear();
    },
    mend: () => {
      broken = false;
    },
  };
}

/** Makes calls one after the other; their ids, newest first, once the API lists them all. */
async function calls(many: number, user: string): Promise<string[]> {
  const ids: string[] = [];
  for (let made = 0; made < many; made++) ids.unshift((await call("assistant", user)).id);
  await expect.poll(async () => (await listed(user)).slice(0, many), { timeout: 15_000 }).toEqual(ids);
  return ids;
}

const listed = async (user: string) => (await api<{ items: { id: string }[] }>("GET", `/api/ai/operations?limit=100&user=${user}`)).items.map(({ id }) => id);

const shown = (page: Page) => page.getByRole("row").locator("code").allInnerTexts();

test("operations that are followed over a cut of the live connection come without a gap, each once", async () => {
  const user = `cut-${RUN}`;
  const { page } = await guest("Lea Brandt", "operator");
  const line = await cuttable(page);
  const before = await calls(2, user);
  await page.goto(`${origin}/operations?follow=true&columns=["time","id"]&user=["${user}"]`);
  await expect.poll(() => shown(page), { timeout: 15_000 }).toEqual(before);

  const pushed = [...(await calls(2, user)), ...before];
  await expect.poll(() => shown(page), { timeout: 15_000 }).toEqual(pushed);

  await line.cut();
  await page.getByText("No connection.").waitFor({ timeout: 15_000 });
  const missed = [...(await calls(3, user)), ...pushed];
  line.mend();
  // No call comes after: it is the connection itself that makes the page ask for what it missed.
  await expect.poll(() => shown(page), { timeout: 40_000 }).toEqual(missed);
  const all = [...(await calls(1, user)), ...missed];
  await expect.poll(() => shown(page), { timeout: 15_000 }).toEqual(all);
  expect(await listed(user)).toEqual(all);
});

test("after a minute without a network the page catches up, and its figures are those of a page that was never away", async () => {
  const { page } = await guest("Omar Haddad", "operator");
  const line = await cuttable(page);
  // The page's clock is a minute behind, so that it is right once its minute has been wound on.
  await page.clock.install({ time: Date.now() - MINUTE_MS });
  await page.goto(origin);
  await page.getByText("Live", { exact: true }).waitFor();

  await page.context().setOffline(true);
  await line.cut();
  await page.getByText("No connection.").waitFor({ timeout: 15_000 });
  const [newest] = await calls(3, `away-${RUN}`);
  await page.clock.fastForward(MINUTE_MS);
  await page.getByText(/1 min/).first().waitFor();
  expect(await page.getByTitle(newest ?? "").count()).toBe(0);

  line.mend();
  await page.context().setOffline(false);
  await page.getByText("Connected again").waitFor({ timeout: 40_000 });
  await page.getByText("Live", { exact: true }).waitFor();
  await page.getByTitle(newest ?? "").waitFor({ state: "attached", timeout: 15_000 });

  const other = await opened();
  await other.context().addCookies(await page.context().cookies());
  await other.goto(origin);
  await other.getByTitle(newest ?? "").waitFor({ state: "attached", timeout: 15_000 });
  await expect.poll(async () => [await figures(page), await figures(other)].map((all) => JSON.stringify(all)), { timeout: 20_000 }).toSatisfy(([one, two]) => one === two);
  expect(Number((await figures(page))["Requests"]?.replaceAll(",", ""))).toBeGreaterThanOrEqual(3);
});

/** What the overview counts, by name. */
async function figures(page: Page): Promise<Record<string, string>> {
  const pairs = await page.locator("dl > div").evaluateAll((each) =>
    each.map((one) => [one.querySelector("dt")?.textContent ?? "", one.querySelector("dd > span")?.textContent ?? ""] as const),
  );
  return Object.fromEntries(pairs.filter(([name]) => ["Requests", "Failed", "Cost"].includes(name)));
}

test("nothing outside of the server was asked, and nothing broke on the way", () => {
  expect(visits.flatMap(({ faults }) => faults)).toEqual([]);
});
