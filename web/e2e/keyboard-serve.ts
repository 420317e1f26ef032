/** Keys, providers, models, routes, the playground and limits, by keyboard alone. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";

import { api, RUN } from "./guests";
import { tabTo, type Hands } from "./hands";

const KEY = `website-${RUN}`;
const PROVIDER = `other-${RUN}`;
const MODEL = `spare-${RUN}`;
const SLOW = `slow-${RUN}`;
const ROUTE = `guests-${RUN}`;

export function servingByKeyboard(of: () => Hands): void {
  test("a key is created, copied and revoked", async () => {
    const { page, press, use, write, choose, sees, gone, at, to } = of();
    await press("g", "k");
    await use("button", "Create a key");
    await write("Name", KEY);
    await choose("Expires", "after 7 days");
    await use("button", "Create the key");
    await page.getByRole("dialog", { name: `The key ${KEY}` }).waitFor();
    const key = await page.getByRole("region", { name: "Key snippet" }).innerText();
    await use("button", "Copy the Key snippet");
    await at("button", "Copied the Key snippet");
    await to("radio", "curl");
    await press("ArrowRight");
    await sees("from openai import OpenAI");
    await use("button", "I have copied the key");
    await at("button", "Create a key");
    // What was copied is what was shown.
    await press("Control+k", "Control+v");
    expect((await page.getByRole("combobox").inputValue()).trim()).toBe(key.trim());
    await press("Escape");
    await at("button", "Create a key");

    await press("j");
    await at("row", new RegExp(KEY));
    await press("Enter");
    await use("button", "Revoke the key");
    // The topmost is closed, and nothing else.
    await press("Escape");
    await at("button", "Revoke the key");
    await press("Enter");
    await page.keyboard.type(KEY);
    await press("Enter");
    await gone("button", "Revoke the key");
    await of().page.getByRole("dialog", { name: `Key ${KEY}` }).getByText("Revoked").first().waitFor();
    await press("Escape");
    await at("row", new RegExp(KEY));
  });

  test("a provider is tested and added, and one is led to what is wrong", async () => {
    const { press, use, write, choose, sees, at } = of();
    const [{ provider } = { provider: "" }] = (await api<{ items: { provider: string }[] }>("GET", "/api/models")).items;
    await api("POST", "/api/models", { name: SLOW, provider, upstream: "story#ttft=60000" });
    await press("g", "v");
    await use("link", "Add a provider");
    await choose("Vendor", "Groq");
    await write("Name", PROVIDER);
    await write("Base URL (optional)", "https://nobody.invalid/v1");
    await write("API key", "a-key");
    await use("button", "Test the connection");
    await sees("Find the host");
    await at("button", "Test the connection");
    await use("button", "Add the provider");
    await at("textbox", "Base URL (optional)");
    await press("Control+a", "Backspace");
    await use("button", "Add the provider");
    await sees(`Added the provider ${PROVIDER}`);
  });

  test("a model is added, and gets another price", async () => {
    const { page, press, use, write, choose, sees, at } = of();
    await press("g", "m");
    await use("link", "Add a model");
    await choose("Provider", PROVIDER);
    await write("Model at the provider", "spare");
    await write("Name", MODEL);
    await write("Input price (optional)", "2");
    await write("Output price (optional)", "8");
    await press("Enter");
    await sees(`Added the model ${MODEL}`);
    await use("button", "Add a price");
    await write("Input price", "2,5");
    await press("Enter");
    await at("button", "Add a price");
    await page.getByRole("row").filter({ hasText: "Holds now" }).getByText("$2.50").waitFor();
  });

  test("a route is created, changed with a look at the difference, and taken back to a version", async () => {
    const { page, press, use, write, choose, sees, at, back } = of();
    await press("g", "r");
    await use("link", "Add a route");
    await write("Name", ROUTE);
    await choose("Model of target 1", "venue");
    await use("button", "Add a target");
    await use("button", "Remove backup");
    await choose("Another fallback", MODEL);
    await use("button", "Add the fallback");
    await use("button", "Review and add");
    await at("button", `Add ${ROUTE}`);
    await press("Enter");
    await page.getByRole("heading", { name: ROUTE }).waitFor();
    await choose("Model of target 1", "backup");
    await use("button", "Review changes");
    await page.getByRole("region", { name: "What changes" }).getByText("backup").first().waitFor();
    await press("Enter");
    await sees(`Saved ${ROUTE}, version 2`);
    await tabTo(page, page.getByRole("main").getByRole("link", { name: "Versions", exact: true }));
    await press("Enter");
    await use("button", "Restore version 1");
    await use("button", "Restore version 1", "Restore version 1?");
    await sees(`${ROUTE} is again what version 1 was`);
    await back();
    await page.getByRole("heading", { name: ROUTE }).waitFor();
  });

  test("a route is found again where one left it", async () => {
    const { page, press, at, back } = of();
    await press("g", "r");
    await find(page, ROUTE);
    await back();
    await at("row", new RegExp(ROUTE));
  });

  test("the playground is asked, compared and stopped", async () => {
    const { page, press, use, choose, sees, at, gone, write } = of();
    await press("g", "p");
    await at("textbox", "Your message");
    await page.keyboard.type("How many guests fit in?");
    await press("Enter");
    await sees("Show the operation");
    await use("button", "Ask again");
    await sees("Show the operation");
    await use("button", "Start over");
    await gone("button", "Start over");
    await choose("Answered by", SLOW);
    await use("button", "Compare two");
    await choose("Compared with", "backup");
    // What is wrong is told, and shown.
    await use("textbox", "Your message");
    await page.keyboard.type("And in June?");
    await tabTo(page, page.locator("summary"), "Shift+Tab");
    await press("Enter");
    await write("Temperature (optional)", "9");
    await use("textbox", "Your message");
    await sees("A number from 0 to 2");
    await at("textbox", "Temperature (optional)");
    await write("Temperature (optional)", "0.5");
    await use("textbox", "Your message");
    await page.getByRole("article", { name: "Answer of backup" }).getByText("Show the operation").waitFor();
    await press("Escape");
    await sees("Stopped by you");
    await at("textbox", "Your message");
    await use("button", "Remove");
    await gone("combobox", "Compared with");
    await use("button", "Show as code");
    await press("Escape");
    await at("button", "Show as code");
  });

  test("a limit is set, changed and deleted", async () => {
    const { page, press, use, write, choose, gone, at } = of();
    await press("g", "l");
    // The button moves once it is known whether there are any.
    await page.getByText("Set the first limit").or(page.getByRole("table")).first().waitFor();
    await use("button", "Set a limit");
    await choose("On", "A route");
    await choose("Route", ROUTE);
    await choose("Counts", "Requests");
    await choose("Window", "a day");
    await write("At most", "500");
    await press("Enter");
    await page.getByRole("heading", { name: "500 requests a day" }).waitFor();
    await use("button", "Change");
    await write("At most", "800");
    await press("Enter");
    await at("button", "Change");
    await page.getByRole("heading", { name: "800 requests a day" }).waitFor();
    await use("button", "Delete the limit");
    await use("button", "Delete the limit", /^Delete the limit on/);
    await gone("row", new RegExp(ROUTE));
    await use("button", "Set a limit");
    await press("Escape");
    await at("button", "Set a limit");
  });

  test("what is not needed is deleted: a route, a model, a provider", async () => {
    const { page, press, use, sees } = of();
    for (const [jump, list, name] of [["r", "Routes", ROUTE], ["m", "Models", MODEL], ["v", "Providers", PROVIDER]] as const) {
      await press("g", jump);
      await find(page, name);
      await use("button", "Delete");
      const dialog = page.getByRole("dialog", { name: new RegExp(`^Delete the .* ${name}`) });
      await dialog.waitFor();
      if (jump === "v") await page.keyboard.type(name);
      await use("button", `Delete ${name}`);
      await sees(new RegExp(`Deleted the .* ${name}`));
      await page.getByRole("heading", { name: list }).waitFor();
    }
  });
}

/** Walks a list to a row, and opens it. */
async function find(page: Page, name: string): Promise<void> {
  const row = page.getByRole("row").filter({ hasText: name });
  await row.waitFor();
  const count = await page.getByRole("row").count();
  for (let walked = 0; walked < count; walked++) {
    await page.keyboard.press("j");
    if (await row.and(page.locator(":focus")).count()) break;
  }
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name }).waitFor();
}
