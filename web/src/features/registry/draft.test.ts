import { expect, test } from "vitest";

import { bodyOf, complete, draftOf, emptyDraft, explorationFault, factorFault, shares, weightFault } from "./draft";

const route = {
  name: "assistant",
  policy: "weighted" as const,
  targets: [
    { model: "large", weight: 0.4 },
    { model: "small", weight: 0.6 },
  ],
  fallbacks: ["spare"],
  deadlines: { connect: 2, firstToken: 20 },
  regions: [],
};

test("a route that is only looked at stays what it is", () => {
  expect(bodyOf(draftOf(route))).toEqual(route);
  expect(complete(draftOf(route))).toBe(true);
});

test("a policy takes along what it reads, and only that", () => {
  const learning = { ...route, policy: "adaptive" as const, factors: { cost: 2, performance: 0, quality: 1 }, exploration: 0.1, regions: ["eu", "us"] };
  const draft = draftOf(learning);
  expect(bodyOf(draft)).toEqual(learning);
  expect(bodyOf({ ...draft, policy: "round_robin" })).toEqual({ ...route, policy: "round_robin" });
  expect(bodyOf({ ...draft, policy: "intelligent", factors: { cost: "", performance: "", quality: "3" }, regions: " eu , eu," })).toEqual({
    ...route,
    policy: "intelligent",
    factors: { cost: 1, performance: 1, quality: 3 },
    regions: ["eu"],
  });
  expect(factorFault("-1")).toMatch(/0 to/);
  expect(explorationFault("2")).toMatch(/0.001 to 1/);
  expect(complete({ ...draft, exploration: "x" })).toBe(false);
});

test("numbers are judged as they are typed, a comma too", () => {
  expect(weightFault("0,5")).toBeNull();
  expect(weightFault("")).toMatch(/number/);
  expect(weightFault("0")).toMatch(/more than 0/);
  expect(complete(emptyDraft("large"))).toBe(false);
});

test("shares add up to one, whatever the scale of the weights", () => {
  expect(shares([{ model: "a", weight: "30" }, { model: "b", weight: "10" }])).toEqual([0.75, 0.25]);
  expect(shares([{ model: "a", weight: "x" }])).toEqual([0]);
});
