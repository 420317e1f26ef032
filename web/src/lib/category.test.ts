import { expect, test } from "vitest";

import { category } from "./category";

test("eight names get eight colours, and each keeps its own", () => {
  const names = ["a", "b", "i", "q", "small", "large", "assistant", "assistant-4"];
  const first = names.map(category);
  expect(new Set(first).size).toBe(8);
  expect(category("ninth")).toMatch(/^var\(--category-[1-8]\)$/);
  expect(names.map(category)).toEqual(first);
});
