import { expect, test } from "vitest";

import { bodyOf, complete, draftOf, emptyDraft, shares, weightFault } from "./draft";

const route = {
  name: "assistant",
  policy: "weighted" as const,
  targets: [
    { model: "large", weight: 0.4 },
    { model: "small", weight: 0.6 },
  ],
  fallbacks: ["spare"],
  deadlines: { connect: 2, firstToken: 20 },
};

test("a route that is only looked at stays what it is", () => {
  expect(bodyOf(draftOf(route))).toEqual(route);
  expect(complete(draftOf(route))).toBe(true);
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
