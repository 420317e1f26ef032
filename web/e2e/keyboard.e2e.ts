/** Everything that is done in the dashboard, by keyboard alone. HONE_URL, HONE_EMAIL and HONE_PASSWORD say where and who; the server is new. */
import { readdirSync, readFileSync } from "node:fs";

import { afterEach, expect, test } from "vitest";

import { keepPicture } from "./browser";
import { opened, origin, pages, visits } from "./guests";
import { hands, type Hands } from "./hands";
import { aboutByKeyboard } from "./keyboard-about";
import { observingByKeyboard } from "./keyboard-observe";
import { peopleByKeyboard } from "./keyboard-people";
import { provingByKeyboard } from "./keyboard-prove";
import { servingByKeyboard } from "./keyboard-serve";
import { settingsByKeyboard } from "./keyboard-settings";

const email = process.env["HONE_EMAIL"] ?? "";
const password = process.env["HONE_PASSWORD"] ?? "";

let both: Hands;

// What fails is seen, and is not in the way of what follows.
afterEach(async ({ task }) => {
  if (task.result?.state !== "fail") return;
  await keepPicture(both.page, `keyboard ${task.name}`);
  await both.page.setViewportSize({ width: 1440, height: 900 });
  await both.page.goto(origin);
  await pages(both.page).waitFor();
  await both.press("Tab");
});

test("one signs in, is told what is wrong, and arrives", async () => {
  const page = await opened();
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  page.setDefaultTimeout(10_000);
  both = hands(page);
  await page.goto(origin);
  await page.getByLabel("E-mail address").and(page.locator(":focus")).waitFor();
  await page.keyboard.type(email);
  await both.press("Tab");
  await page.keyboard.type("not the password");
  await both.press("Enter");
  await both.sees("You are not signed in");
  await both.use("button", "Show the password");
  await both.at("button", "Hide the password");
  await tabBack(both, password);
  await both.press("Enter");
  await pages(page).waitFor();
});

/** From the eye back to the password, which is written anew. */
async function tabBack({ page, press }: Hands, secret: string): Promise<void> {
  await press("Shift+Tab", "Control+a");
  await page.keyboard.type(secret);
}

test("the first steps are copied, and lead to the first key", async () => {
  await both.sees("Send the first request");
  await both.use("button", "Copy the curl snippet");
  await both.use("link", "Create a key");
  await both.page.getByRole("dialog", { name: "Create a key" }).waitFor();
  await both.press("Escape");
  await both.gone("dialog", "Create a key");
});

servingByKeyboard(() => both);
observingByKeyboard(() => both);
provingByKeyboard(() => both);
peopleByKeyboard(() => both);
settingsByKeyboard(() => both);
aboutByKeyboard(() => both);

test("no mouse was used, and no script moved the focus", () => {
  const told = readdirSync(import.meta.dirname).filter((name) => name.startsWith("keyboard") || name === "hands.ts");
  for (const name of told) {
    const source = readFileSync(new URL(name, import.meta.url), "utf-8");
    expect([name, ...source.matchAll(/\.(click|fill|focus|check|uncheck|selectOption|tap|hover|dispatchEvent|mouse)\(/g)]).toEqual([name]);
  }
});

test("nothing outside of the server was asked, and nothing broke on the way", () => {
  expect(visits.flatMap(({ faults }) => faults)).toEqual([]);
});
