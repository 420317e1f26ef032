/** Experiments and releases, by keyboard alone. */
import { test } from "vitest";

import { RUN } from "./guests";
import type { Hands } from "./hands";

const NAME = `By keyboard ${RUN}`;
const STEPS = ["arms", "measures", "audience", "duration", "review"];

export function provingByKeyboard(of: () => Hands): void {
  test("an experiment is drawn up, changed before it starts, and deleted", async () => {
    const { page, press, use, write, choose, sees } = of();
    await press("g", "x");
    await use("link", "Compare two");
    await write("Name", NAME);
    await choose("Calls of", "venue");
    await use("button", "Next: arms");
    await use("button", "Next: measures");
    await sees("Choose what treatment answers with.");
    await choose("Model", "backup");
    for (const next of STEPS.slice(1)) await use("button", `Next: ${next}`);
    await use("button", "Change audience");
    await write("Takes part", "20");
    for (const next of STEPS.slice(3)) await use("button", `Next: ${next}`);
    await sees("20 of 100 take part");
    await use("button", "Keep it as a draft");
    await sees("Nothing happens yet");
    await use("link", "Change");
    await page.getByRole("heading", { name: "Change the draft" }).waitFor();
    await write("Name", `${NAME}, again`);
    for (const next of STEPS) await use("button", `Next: ${next}`);
    await use("button", "Keep the change");
    await page.getByRole("heading", { name: `${NAME}, again` }).waitFor();
    await use("button", "Start");
    await page.getByRole("dialog", { name: `Start ${NAME}, again?` }).waitFor();
    await press("Escape");
    await use("button", "Delete");
    await use("button", `Delete ${NAME}, again`);
    await page.getByRole("heading", { name: "Experiments" }).waitFor();
  });

  test("releases are listed and filtered, and one is told what a release needs", async () => {
    const { page, press, use, at, gone } = of();
    await press("g", "u");
    await page.getByRole("heading", { name: "Releases" }).waitFor();
    await use("button", "Filter");
    await use("button", "State");
    await use("checkbox", /^holding/);
    await press("Escape");
    await at("button", "Filter");
    await use("button", "Remove the filter State is holding");
    await gone("button", "Remove the filter State is holding");
    await use("link", "Release a version");
    await page.getByRole("heading", { name: "Release a version" }).waitFor();
  });
}
