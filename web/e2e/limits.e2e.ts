/** A limit as one meets it: set, used up, raised, and taken away. HONE_URL and HONE_KEY say where. */
import { expect, test } from "vitest";

import { api, call, guest, origin, RUN, visits, type Guest } from "./guests";

const ROUTE = `limited-${RUN}`;
let admin: Guest;

/** Calls until the answer is another: a change holds within a second. */
const answered = (status: number) => expect.poll(async () => (await call(ROUTE)).status, { timeout: 15_000 }).toBe(status);

const row = () => admin.page.getByRole("row").filter({ hasText: ROUTE });

test("a limit on a route is set, and calls beyond it are refused", async () => {
  const { items } = await api<{ items: { name: string }[] }>("GET", "/api/models");
  await api("POST", "/api/routes", { name: ROUTE, targets: [{ model: items[0]?.name, weight: 1 }] });
  await answered(200);
  admin = await guest("Ada Moreno", "admin");
  const { page } = admin;
  await page.goto(`${origin}/limits?create=true`);
  await page.getByLabel("On", { exact: true }).selectOption("route");
  await page.getByLabel("Route", { exact: true }).selectOption(ROUTE);
  await page.getByLabel("Counts").selectOption("requests");
  await page.getByLabel("Window").selectOption("month");
  await page.getByLabel("At most").fill("2");
  await page.getByRole("button", { name: "Set the limit" }).click();
  await page.getByRole("heading", { name: "2 requests a month" }).waitFor();
  await answered(429);
});

test("the list says so by itself", async () => {
  await admin.page.getByRole("button", { name: "Close" }).click();
  await row().getByText("Refused calls").waitFor();
  await row().getByText("2 requests a month").waitFor();
});

test("the same limit cannot be set twice", async () => {
  const { page } = admin;
  await page.getByRole("button", { name: "Set a limit" }).first().click();
  await page.getByLabel("On", { exact: true }).selectOption("route");
  await page.getByLabel("Route", { exact: true }).selectOption(ROUTE);
  await page.getByLabel("Counts").selectOption("requests");
  await page.getByLabel("Window").selectOption("month");
  await page.getByLabel("At most").fill("9");
  await page.keyboard.press("Enter");
  await page.getByText("change that one").waitFor();
  await page.getByRole("button", { name: "Cancel" }).click();
});

test("a limit is raised, and calls go through again", async () => {
  const { page } = admin;
  await row().click();
  await page.getByRole("button", { name: "Change" }).click();
  await page.getByLabel("At most").fill("1,000");
  await page.getByText("used already").waitFor();
  await page.getByRole("button", { name: "Allow 1,000 requests a month" }).click();
  await page.getByRole("heading", { name: "1,000 requests a month" }).waitFor();
  await answered(200);
});

test("a limit is deleted, and nothing holds the route any more", async () => {
  const { page } = admin;
  await page.getByRole("button", { name: "Delete the limit" }).click();
  await page.getByRole("dialog", { name: /^Delete the limit on/ }).getByRole("button", { name: "Delete the limit" }).click();
  await row().waitFor({ state: "detached" });
  await answered(200);
});

test("nothing outside of the server was asked, and nothing broke on the way", () => {
  expect(visits.flatMap(({ faults }) => faults)).toEqual([]);
});
