import { expect, test } from "vitest";

import { asked, type Answer } from "./answer";
import { verdict } from "./verdict";

const took = (totalMs: number, costUsd: number | null): Answer => ({ ...asked, state: "done", totalMs, costUsd });
const say = (left: Answer, right: Answer) => verdict({ name: "large", answer: left }, { name: "small", answer: right });

test("one that is better at both is named once", () => {
  expect(say(took(900, 0.02), took(400, 0.005))).toBe("small answered 500 ms sooner and cost $0.015 less.");
});

test("each is named for what it is better at", () => {
  expect(say(took(400, 0.02), took(900, 0.005))).toBe("large answered 500 ms sooner; small cost $0.015 less.");
});

test("equal cost, equal time and unknown cost are said, not computed", () => {
  expect(say(took(400, 0.02), took(900, 0.02))).toBe("large answered 500 ms sooner, for the same cost.");
  expect(say(took(400, 0.02), took(400, 0.01))).toBe("Both took as long; small cost $0.010 less.");
  expect(say(took(400, null), took(900, 0.01))).toBe("large answered 500 ms sooner.");
});

test("there is nothing to say before both have answered", () => {
  expect(say(took(400, 0.02), asked)).toBeNull();
  expect(say(took(400, 0.02), { ...asked, state: "failed" })).toBeNull();
});
