import { expect, test } from "vitest";

import { demoRows } from "./demo";

test("the demo data has enough of each label, some faults, and something to review", () => {
  const rows = demoRows();
  expect(new Set(rows.map(({ input }) => input)).size).toBe(rows.length);
  for (const label of new Set(rows.map(({ output }) => output))) expect(rows.filter(({ output }) => output === label).length).toBeGreaterThanOrEqual(10);
  expect(rows.some(({ status }) => status === "pending")).toBe(true);
  expect(rows.some(({ input }) => input.includes("@"))).toBe(true);
});
