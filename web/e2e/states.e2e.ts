/** Every state of the pages, narrow and wide, light and dark: accessible, self-contained, and within the content policy. */
import { expect, test } from "vitest";

import { accessibilityFaults, keepPicture, visit, type Visit } from "./browser";
import { browser, origin } from "./staged";
import { states } from "./states";

const sizes = { narrow: { width: 390, height: 844 }, wide: { width: 1440, height: 900 } };

interface Look {
  size: keyof typeof sizes;
  theme: "light" | "dark";
  /** Rules of colour alone, where the whole has been looked at in the same size. */
  looked: "whole" | "colours";
}

/** One look at each state, in turn at the two: a page has several states, so both are had of it. */
const brief: Look[] = [
  { size: "narrow", theme: "light", looked: "whole" },
  { size: "wide", theme: "dark", looked: "whole" },
];
/** Each theme in each size: `make states`. */
const every: Look[] = [
  { size: "narrow", theme: "light", looked: "whole" },
  { size: "narrow", theme: "dark", looked: "colours" },
  { size: "wide", theme: "dark", looked: "whole" },
  { size: "wide", theme: "light", looked: "colours" },
];
const names = Object.keys(states);
const looksAt = (name: string) => (process.env["LOOKS"] === "every" ? every : brief.filter((_, turn) => turn === names.indexOf(name) % brief.length));

/** Pages that have shown a state and can show another: a new one would read and compile the whole dashboard once more. */
const idle: Visit[] = [];

async function take(): Promise<Visit> {
  const taken = idle.pop();
  if (taken) return taken;
  const made = await visit(browser, origin, { viewport: sizes.narrow, reducedMotion: "reduce" });
  await made.page.clock.install();
  return made;
}

/** Makes a page as good as new. */
async function giveBack(visited: Visit): Promise<void> {
  const { page, faults, noted } = visited;
  const context = page.context();
  await page.evaluate(() => localStorage.clear());
  await page.goto("about:blank");
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await Promise.all([context.clearCookies(), context.setOffline(false)]);
  faults.length = noted.length = 0;
  idle.push(visited);
}

test.concurrent.each(Object.entries(states))("%s", async (name, state) => {
  // A phone is where a control is out of reach, if anywhere: what is pressed on the way is pressed there.
  const visited = await take();
  const { page, faults } = visited;
  await page.setViewportSize(sizes.narrow);
  await page.emulateMedia({ colorScheme: "light" });
  await state.serve(page);
  await page.goto(origin + (state.path ?? "/"));
  await state.reach(page);

  const found: string[] = [];
  for (const { size, theme, looked } of looksAt(name)) {
    await page.setViewportSize(sizes[size]);
    await page.emulateMedia({ colorScheme: theme });
    await page.locator(`html[data-theme=${theme}]`).waitFor();
    await keepPicture(page, `${name}-${theme}-${size}`);
    for (const fault of await accessibilityFaults(page, looked)) found.push(`${size}, ${theme}: ${fault}`);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (overflow > 0) found.push(`${size}: the page scrolls sideways by ${overflow} px`);
  }
  expect([...found, ...faults]).toEqual([]);
  await giveBack(visited);
});
