/** Every state of the pages, wide and narrow, light and turned dark: accessible, self-contained, and within the content policy. */
import type { Browser } from "playwright-core";
import { preview, type PreviewServer } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";

import { accessibilityFaults, keepPicture, openBrowser, visit } from "./browser";
import { states } from "./states";

let browser: Browser;
let server: PreviewServer;
let origin: string;

beforeAll(async () => {
  browser = await openBrowser();
  server = await preview({ preview: { port: 4179, host: "127.0.0.1" }, logLevel: "error" });
  origin = new URL(server.resolvedUrls?.local[0] ?? "").origin;
});

afterAll(async () => {
  await browser.close();
  await server.close();
});

const looks = ["light", "dark"] as const;
const sizes = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } };
const cases = Object.entries(states).flatMap(([name, state]) => (["wide", "narrow"] as const).map((size) => ({ name, state, size })));

test.concurrent.each(cases)("$name, $size", async ({ name, state, size }) => {
  const { page, faults } = await visit(browser, origin, { colorScheme: "light", reducedMotion: "reduce", viewport: sizes[size] });
  await page.clock.install();
  await state.serve(page);
  await page.goto(origin + (state.path ?? "/"));
  await state.reach(page);

  const found: Record<string, string[]> = {};
  for (const look of looks) {
    await page.emulateMedia({ colorScheme: look });
    await page.locator(`html[data-theme=${look}]`).waitFor();
    await keepPicture(page, `${name}-${look}-${size}`);
    found[look] = await accessibilityFaults(page, look === "light" ? "whole" : "colours");
  }
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(overflow, "the page scrolls sideways").toBeLessThanOrEqual(0);
  expect(found).toEqual({ light: [], dark: [] });
  expect(faults).toEqual([]);
  await page.context().close();
});
