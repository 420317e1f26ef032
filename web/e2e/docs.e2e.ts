/** The API's pages against a running server: they ask nobody else, keep the policy, and make calls. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { keepPicture, openBrowser, visit } from "./browser";

const address = process.env["HONE_URL"];
const key = process.env["HONE_KEY"];
if (!address || !key) throw new Error("Set HONE_URL (http://127.0.0.1:8700) and HONE_KEY (an admin's API key).");

const origin = new URL(address).origin;

let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
});

afterAll(() => browser.close());

test("the API's pages show every call and make one with a key", async () => {
  const { page, faults } = await visit(browser, origin);
  const answer = await page.goto(`${origin}/docs`);
  expect(answer?.headers()["content-security-policy"]).toContain("script-src 'self'");
  await page.getByRole("button", { name: "Authorize" }).first().click();
  const bearer = page.locator(".modal-ux form").filter({ hasText: "Bearer" });
  await bearer.getByRole("textbox").fill(key);
  await bearer.getByRole("button", { name: "Apply credentials" }).click();
  await bearer.getByRole("button", { name: "Close", exact: true }).click();
  // Of a long list only what is in sight is drawn.
  const tag = page.getByPlaceholder("Filter by tag");
  await tag.fill("identity");
  await page.locator("#operations-identity-get_organization button").first().click();
  await page.locator("#operations-identity-get_organization").getByRole("button", { name: "Execute" }).click();
  const told = page.locator("#operations-identity-get_organization .live-responses-table tbody .response-col_status");
  await expect.poll(() => told.first().textContent(), { timeout: 15_000 }).toContain("200");
  await tag.fill("gateway");
  await expect.poll(() => page.locator("#operations-gateway-create_chat_completion").count()).toBe(1);
  await keepPicture(page, "docs");
  expect(faults).toEqual([]);
});
