import { expect, test } from "vitest";

import { chosenOf, withFilter } from "./fields";
import { parameters, together } from "./list";
import { newestFirst } from "./newest";
import { readSearch } from "./routes";
import { told } from "./told";

import type { Operation } from "@/api/schema";
import { operation } from "@/testing/factories";

const NOON = Date.parse("2026-06-12T10:00:00Z");

test("new operations take their place, each once", () => {
  const loaded = [operation(NOON, 1), operation(NOON - 2000, 2)];
  const slow = operation(NOON - 1000, 3);
  const [newest] = loaded;
  if (!newest) throw new Error("Two were made.");
  expect(together([operation(NOON + 1000, 0), newest, slow], loaded)?.map(({ createdAt }) => Date.parse(createdAt) - NOON)).toEqual([1000, 0, -1000, -2000]);
  expect(together(undefined, loaded)).toBe(loaded);
  expect(together([newest], undefined)).toBeUndefined();
});

test("a URL becomes filters, and filters the question to the API", () => {
  const search = readSearch({ model: "a", status: ["error", "error"], key: ["key_1", "key_2"], minCost: "0.5", last: "1h", follow: "true", color: "red" });
  expect(search).toEqual({ model: ["a"], status: ["error"], key: ["key_1"], minCost: 0.5, last: "1h", follow: true });
  expect(parameters(search, NOON).toString()).toBe("model=a&status=error&key=key_1&minCost=0.5&from=2026-06-12T09%3A00%3A00.000Z");
  expect(chosenOf(search)["minCost"]).toEqual(["0.5"]);
  expect(withFilter({ ...search, open: "op_1" }, "model", [])).not.toHaveProperty("open");
  expect(withFilter(search, "key", ["key_1", "key_3"]).key).toEqual(["key_3"]);
});

test("says how many there are, of which time, and how far was looked", () => {
  const facts = { total: 1, shown: 1, range: {}, searchedUntil: null, more: false };
  expect(told(facts)).toBe("1 operation, at any time.");
  expect(told({ ...facts, total: null, shown: 100, range: { last: "24h" } })).toBe("More than 10,000 operations, last 24 hours; the newest 100 are loaded.");
  expect(told({ ...facts, searchedUntil: "2026-06-01T00:00:00Z", more: true })).toMatch(/found so far.*searched back to.*looking further/);
  expect(told({ ...facts, shown: undefined })).toBe("");
});

test("what comes is merged as sorting it all would, whatever is there", () => {
  const pick = mulberry(7);
  for (let round = 0; round < 200; round++) {
    const pool = Array.from({ length: 30 }, (_, index) => operation(NOON - Math.floor(pick() * 40) * 1000, index));
    const newest = (list: Operation[]) => list.toSorted((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt));
    const there = newest(pool.filter(() => pick() < 0.5));
    const came = pool.filter(() => pick() < 0.3).map((each) => ({ ...each, status: "error" as const }));
    const merged = newestFirst(came, there, 20);
    const union = new Map([...there, ...came].map((each) => [each.id, each]));
    expect(merged.map(({ createdAt }) => createdAt)).toEqual(newest([...union.values()]).slice(0, 20).map(({ createdAt }) => createdAt));
    expect(new Set(merged.map(({ id }) => id)).size).toBe(merged.length);
    expect(merged.every((each) => union.get(each.id) === each)).toBe(true);
  }
});

/** Random numbers from a seed (mulberry32). */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
