import { expect, test } from "vitest";

import { amount, compact, moment, oneOf, text, texts } from "./url-state";

test("reads one value, several, and what the router took for a number", () => {
  expect(texts("a")).toEqual(["a"]);
  expect(texts(["a", "b", "a", ""])).toEqual(["a", "b"]);
  expect(texts(42)).toEqual(["42"]);
  expect(texts(undefined)).toEqual([]);
  expect(texts({ a: 1 })).toEqual([]);
  expect(texts(Array.from({ length: 60 }, (_, index) => String(index)))).toHaveLength(50);
});

test("takes nothing else for a text, an amount, a word or a moment", () => {
  expect(text(null)).toBeUndefined();
  expect(text("")).toBeUndefined();
  expect(amount("0.5")).toBe(0.5);
  expect([amount("x"), amount(-1), amount(""), amount(Infinity)]).toEqual([undefined, undefined, undefined, undefined]);
  expect(oneOf("b", ["a", "b"])).toBe("b");
  expect(oneOf("c", ["a", "b"])).toBeUndefined();
  expect(moment("2026-06-12T10:00:00+02:00")).toBe("2026-06-12T08:00:00.000Z");
  expect(moment("yesterday")).toBeUndefined();
});

test("a URL says only what was chosen", () => {
  expect(compact({ a: "1", b: undefined, c: [], d: ["x"] })).toEqual({ a: "1", d: ["x"] });
});
