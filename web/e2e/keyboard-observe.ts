/** Operations and the trail of changes, by keyboard alone. */
import { expect, test } from "vitest";

import { RUN } from "./guests";
import type { Hands } from "./hands";

const VIEW = `the ones that worked ${RUN}`;

export function observingByKeyboard(of: () => Hands): void {
  test("operations are filtered, and the filters kept as a view", async () => {
    const { page, press, use, write, at, gone, sees, to } = of();
    await press("g", "e");
    await page.getByRole("row").nth(1).waitFor();
    await use("button", "Filter");
    await use("button", "Status");
    await use("checkbox", /^success/);
    await press("Escape");
    await at("button", "Filter");
    expect(page.url()).toContain("success");
    await use("button", "Any time");
    await use("button", "Last hour");
    await at("button", "Last hour");
    await use("button", "Views");
    await write("Name of a new view", VIEW);
    await press("Enter");
    await page.getByRole("button", { name: VIEW, exact: true }).waitFor();
    await press("Escape");
    await at("button", "Views");
    await use("button", "Remove the filter Status is success");
    await gone("button", "Remove the filter Status is success");
    await use("button", "Views");
    await use("button", VIEW);
    await page.getByRole("button", { name: "Remove the filter Status is success" }).waitFor();
    await use("button", "Views");
    await use("button", `Delete the view ${VIEW}`);
    await gone("button", `Delete the view ${VIEW}`);
    await press("Escape");
    await at("button", "Views");
    await use("button", "Columns");
    await use("checkbox", "Latency");
    await press("Escape");
    await gone("columnheader", "Latency");
    await use("button", "Columns");
    await use("button", "Show the usual columns");
    await press("Escape");
    await sees("Latency");
    await to("button", "Follow");
  });

  test("an operation is opened, read, and left for the row that one came from", async () => {
    const { page, press, use, at, gone, back } = of();
    const panel = page.getByRole("dialog", { name: /^Operation op_/ });
    await press("j", "k", "Enter");
    await panel.waitFor();
    const first = await panel.getAttribute("aria-label");
    await press("ArrowDown");
    await expect.poll(() => panel.getAttribute("aria-label")).not.toBe(first);
    await press("k");
    await expect.poll(() => panel.getAttribute("aria-label")).toBe(first);
    await use("button", "Copy the message of user");
    await use("button", "Copy the operation's id", /^Operation op_/);
    await press("Escape");
    await gone("dialog", /^Operation op_/);
    await at("row", /./);
    await press("Enter");
    await use("link", "Open as page");
    await page.getByRole("link", { name: "All operations" }).waitFor();
    await back();
    await panel.waitFor();
    // The list itself, not what the panel tells in rows.
    await page.locator("tr[data-index]").first().waitFor();
    await press("Escape");
    await at("row", /./);
  });

  test("operations are taken along as a file", async () => {
    const { page, use, at } = of();
    await use("button", "Export");
    const file = page.waitForEvent("download");
    await use("button", "Download CSV");
    expect((await file).suggestedFilename()).toBe("operations.csv");
    await at("button", "Export");
  });

  test("the picture of the overview is read moment by moment, and as a table", async () => {
    const { page, press, use, to, at } = of();
    await press("g", "o");
    await to("slider", /^Traffic, latency and cost/);
    const before = await page.getByRole("slider").getAttribute("aria-valuetext");
    await press("ArrowLeft");
    expect(await page.getByRole("slider").getAttribute("aria-valuetext")).not.toBe(before);
    await use("button", "Show as table");
    await at("button", "Show as chart");
    await use("button", "Pause");
    await at("button", "Resume");
    await press("Enter");
    await to("radio", "the last hour");
    await press("ArrowRight");
    await page.getByRole("heading", { name: "Last 6 hours" }).waitFor();
  });

  test("the trail is verified, filtered, opened and exported", async () => {
    const { page, press, use, write, at, gone, sees } = of();
    await press("g", "s");
    await use("link", "Audit");
    await use("button", "Verify now");
    await sees("The chain is whole");
    await use("button", "Filter");
    await use("button", "Event");
    await write("Find a event", "Key created");
    await use("checkbox", /^Key created/);
    await press("Escape");
    await at("button", "Filter");
    await expect.poll(() => page.getByRole("row").filter({ hasNotText: "Key created" }).count()).toBe(1);
    await press("j", "Enter");
    await page.getByRole("dialog", { name: "Key created" }).waitFor();
    await press("Escape");
    await gone("dialog", "Key created");
    await at("row", /Key created/);
    await use("button", "Export");
    const file = page.waitForEvent("download");
    await use("button", "Download JSON lines");
    expect((await file).suggestedFilename()).toBe("audit.jsonl");
  });
}
