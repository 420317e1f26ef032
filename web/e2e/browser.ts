import { existsSync, mkdirSync } from "node:fs";

import axe from "axe-core";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";

/** Without windows first: a window around each page takes as much time as the page. */
const BROWSERS = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];

/** The browser that the machine has; nothing is downloaded. */
export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? BROWSERS.find(existsSync) ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

export interface Visit {
  page: Page;
  /** What must not happen on any page: other hosts asked, the content policy broken, errors thrown. */
  faults: string[];
  /** What the browser said and what was refused, for who reads of a failure. */
  noted: string[];
}

/** Opens a page that takes note of every fault. */
export async function visit(browser: Browser, origin: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, timezoneId: "Europe/Berlin", ...options });
  const page = await context.newPage();
  const faults: string[] = [];
  const noted: string[] = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol !== "data:" && url.origin !== origin) faults.push(`asked another host: ${url.href}`);
  });
  page.on("pageerror", (error) => faults.push(`threw: ${error.message}`));
  page.on("response", (response) => {
    if (response.status() >= 400) noted.push(`${response.request().method()} ${response.url()} was answered ${response.status()}`);
  });
  page.on("requestfailed", (request) => noted.push(`${request.method()} ${request.url()} failed: ${request.failure()?.errorText ?? "unknown"}`));
  page.on("console", (message) => {
    if (message.type() === "error") noted.push(message.text());
    if (/content security policy/i.test(message.text())) faults.push(message.text());
  });
  return { page, faults, noted };
}

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** The rules that look at colours: all that a change of theme can break. */
const COLOURS = ["color-contrast-enhanced", "link-in-text-block"];

/** What axe finds wrong, in one line each; contrast is held to 7:1, which says all that the rule of 4.5:1 says. */
export async function accessibilityFaults(page: Page, looked: "whole" | "colours" = "whole"): Promise<string[]> {
  // The last value goes over the wire: axe itself is a large one.
  if (!(await page.evaluate("'axe' in globalThis"))) await page.evaluate(`${axe.source}; 0`);
  const options: axe.RunOptions =
    looked === "colours"
      ? { runOnly: { type: "rule", values: COLOURS } }
      : {
          runOnly: { type: "tag", values: TAGS },
          rules: { "color-contrast": { enabled: false }, "color-contrast-enhanced": { enabled: true }, "target-size": { enabled: true } },
        };
  const violations = await page.evaluate(
    async (given) => {
      const { axe: runner } = globalThis as unknown as { axe: typeof axe };
      const results = await runner.run(document, given);
      return results.violations;
    },
    { ...options, resultTypes: ["violations"] } satisfies axe.RunOptions,
  );
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ""}`));
}

/** Keeps a picture when SCREENS names a folder, for people to look at. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env["SCREENS"];
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}
