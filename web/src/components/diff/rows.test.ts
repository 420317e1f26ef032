import { expect, test } from "vitest";

import { diffRows } from "./rows";

const route = {
  name: "assistant",
  targets: [
    { model: "large", weight: 0.4 },
    { model: "small", weight: 0.6 },
  ],
  fallbacks: ["spare"],
  deadlines: { connect: 2, total: null },
};

const changed = (before: unknown, after: unknown) =>
  diffRows(before, after)
    .filter((row) => row.changed)
    .map((row) => [row.path.join("."), row.before, row.after]);

test("what is equal has no changed row", () => {
  expect(changed(route, structuredClone(route))).toEqual([]);
});

test("items of a list are told apart by their name, not by their place", () => {
  const after = { ...route, targets: [{ model: "small", weight: 0.5 }, { model: "large", weight: 0.4 }] };
  expect(changed(route, after)).toEqual([["targets.small.weight", "0.6", "0.5"]]);
});

test("what comes and goes has nothing on its other side", () => {
  const after = { ...route, targets: [{ model: "large", weight: 0.4 }], deadlines: { connect: 2, total: 60 } };
  expect(changed(route, after)).toEqual([
    ["targets.small.model", "small", null],
    ["targets.small.weight", "0.6", null],
    ["deadlines.total", null, "60"],
  ]);
});

test("the order of a plain list counts", () => {
  expect(changed({ fallbacks: ["a", "b"] }, { fallbacks: ["b", "a"] })).toEqual([["fallbacks", "a, b", "b, a"]]);
  expect(changed({ fallbacks: [] }, { fallbacks: ["a"] })).toEqual([["fallbacks", null, "a"]]);
});

test("everything is new against nothing", () => {
  expect(changed(null, { name: "a", keep: true, more: {} })).toEqual([
    ["name", null, "a"],
    ["keep", null, "yes"],
  ]);
});
