/** Going about: the command menu, the map of keys, the theme, the menu on a phone, and the way out, by keyboard alone. */
import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import type { Hands } from "./hands";

export function aboutByKeyboard(of: () => Hands): void {
  test("pages, objects and actions are found", async () => {
    const { page, press, at, gone, use } = of();
    await use("link", "Skip to content");
    await press("Control+k");
    await page.keyboard.type("assistant");
    await page.getByRole("option", { name: /^assistant/ }).waitFor();
    await press("Enter");
    await page.getByRole("heading", { name: "assistant" }).waitFor();
    await press("Control+k");
    await page.keyboard.type("invite");
    await page.getByRole("option", { name: "Invite a person", selected: true }).waitFor();
    await press("Enter");
    await at("textbox", "E-mail address");
    await press("Escape");
    await gone("dialog", "Invite a person");
    await use("button", "Find");
    await at("combobox", /./);
    await press("Escape");
    await at("button", "Find");
  });

  test("the map of keys is shown", async () => {
    const { page, press, at } = of();
    await press("?");
    await page.getByRole("dialog", { name: "Keyboard map" }).waitFor();
    // What it tells, the documentation tells too.
    const guide = readFileSync(new URL("../../docs/how-to/use-the-dashboard-by-keyboard.md", import.meta.url), "utf-8");
    const titles = await page.getByRole("dialog").locator("dt").allInnerTexts();
    expect(titles.length).toBeGreaterThan(15);
    expect(titles.filter((title) => !guide.includes(title))).toEqual([]);
    await press("Escape");
    await at("button", "Find");
  });

  test("the theme is chosen", async () => {
    const { page, press, use, to, at } = of();
    await use("button", /^Rosewood Barn/);
    await to("radio", "System");
    await press("ArrowLeft");
    await page.locator("html[data-theme=dark]").waitFor();
    await press("Escape");
    await at("button", /^Rosewood Barn/);
  });

  test("on a phone the menu opens, leads somewhere, and gives the focus back", async () => {
    const { page, press, use, at } = of();
    await use("link", "Skip to content");
    await page.setViewportSize({ width: 390, height: 844 });
    await use("button", "Menu");
    await press("Escape");
    await at("button", "Menu");
    await press("Enter");
    await use("link", "Models", "Menu");
    await page.getByRole("heading", { name: "Models" }).waitFor();
    await at("button", "Menu");
    await press("Enter");
    await use("button", /^Rosewood Barn/, "Menu");
    // The popover first, then the menu that it lies over.
    await press("Escape");
    await at("button", /^Rosewood Barn/);
    await press("Escape");
    await at("button", "Menu");
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  test("one signs out", async () => {
    const { page, press } = of();
    await press("Control+k");
    await page.keyboard.type("sign out");
    await page.getByRole("option", { name: "Sign out", selected: true }).waitFor();
    await press("Enter");
    await page.getByLabel("E-mail address").and(page.locator(":focus")).waitFor();
    expect(page.url()).toContain("sign-in");
  });
}
