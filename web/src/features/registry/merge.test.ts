import { expect, test } from "vitest";

import { merge } from "./merge";

import type { RouteCreate } from "@/api/schema.gen";

const base: RouteCreate = {
  name: "assistant",
  policy: "weighted",
  targets: [
    { model: "large", weight: 0.4 },
    { model: "small", weight: 0.6 },
  ],
  fallbacks: ["spare"],
  deadlines: { connect: 2 },
  regions: [],
};

test("what does not meet is joined", () => {
  const mine = { ...base, deadlines: { connect: 5, total: 60 } };
  const theirs = { ...base, targets: [{ model: "small", weight: 1 }], fallbacks: [] };
  const { route, clashes } = merge(base, mine, theirs);
  expect(clashes).toEqual([]);
  expect(route).toEqual({ ...base, targets: [{ model: "small", weight: 1 }], fallbacks: [], deadlines: { connect: 5, total: 60 } });
});

test("what both changed to the same is no clash", () => {
  const both = { ...base, fallbacks: ["large"] };
  expect(merge(base, both, both)).toEqual({ route: both, clashes: [] });
});

test("what both changed differently is asked for, one by one", () => {
  const mine = { ...base, targets: [{ model: "large", weight: 0.9 }, { model: "small", weight: 0.6 }], fallbacks: ["small"] };
  const theirs = { ...base, targets: [{ model: "small", weight: 0.6 }], fallbacks: [] };
  const kept = merge(base, mine, theirs);
  expect(kept.clashes).toEqual([
    { key: "target large", name: "Target large", mine: "weight 0.9", theirs: "not a target" },
    { key: "fallbacks", name: "Fallbacks", mine: "small", theirs: "none" },
  ]);
  expect(kept.route.targets).toEqual([{ model: "small", weight: 0.6 }]);
  const own = merge(base, mine, theirs, (key) => (key === "fallbacks" ? "theirs" : "mine"));
  expect(own.route.targets).toEqual([
    { model: "small", weight: 0.6 },
    { model: "large", weight: 0.9 },
  ]);
  expect(own.route.fallbacks).toEqual([]);
});

test("what a policy needs is joined and asked for like the rest", () => {
  const chosen: RouteCreate = { ...base, policy: "adaptive", factors: { cost: 1, performance: 1, quality: 1 }, regions: ["eu"] };
  const mine: RouteCreate = { ...chosen, exploration: 0.1 };
  const theirs: RouteCreate = { ...chosen, policy: "intelligent", factors: { cost: 2, performance: 1, quality: 1 } };
  expect(merge(chosen, mine, theirs).route).toEqual(theirs);
  const other: RouteCreate = { ...chosen, policy: "weighted", regions: [] };
  expect(merge(chosen, { ...chosen, policy: "intelligent", regions: ["us"] }, other).clashes).toEqual([
    { key: "policy", name: "Policy", mine: "Intelligent", theirs: "Weighted" },
    { key: "regions", name: "Regions", mine: "us", theirs: "anywhere" },
  ]);
});

test("without a change of one's own, theirs stays", () => {
  const theirs = { ...base, name: "helper", deadlines: {} };
  expect(merge(base, base, theirs).route).toEqual(theirs);
});
