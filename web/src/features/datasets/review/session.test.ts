import { expect, test } from "vitest";

import type { ExampleRead } from "../shapes";

import { arrive, current, decide, empty, step, takeBack, tally, type Session } from "./session";

import { example } from "@/testing/datasets";

const some = (...numbers: number[]) => numbers.map((number) => example(number) as ExampleRead);
const begun = arrive(empty, some(1, 2, 3));
const at = (session: Session) => current(session)?.id.at(-1);

test("what is decided makes room for the next, and the last leads to what was passed over", () => {
  let session = decide(begun, { action: "approve" });
  expect(at(session)).toBe("2");
  session = step(session, 1);
  session = decide(session, { action: "reject" });
  expect(at(session)).toBe("2");
  session = decide(session, { action: "correct", output: "invoice" });
  expect(current(session)).toBeUndefined();
  expect(tally(session)).toEqual({ approve: 1, correct: 1, reject: 1 });
});

test("decisions are taken back one after the other, each with its example", () => {
  const both = decide(decide(begun, { action: "approve" }), { action: "reject" });
  const one = takeBack(both);
  expect(at(one)).toBe("2");
  expect(at(takeBack(one))).toBe("1");
  expect(takeBack(begun)).toBe(begun);
});

test("one that the server refused comes back, wherever one is", () => {
  const both = decide(decide(begun, { action: "approve" }), { action: "reject" });
  const back = takeBack(both, begun.items[0]?.id);
  expect(at(back)).toBe("1");
  expect(tally(back)).toEqual({ approve: 0, correct: 0, reject: 1 });
});

test("what comes later stands behind, each once", () => {
  const more = arrive(begun, some(3, 4));
  expect(more.items.map(({ id }) => id.at(-1))).toEqual(["1", "2", "3", "4"]);
  expect(arrive(more, some(1))).toBe(more);
});

test("one walks no further than there is", () => {
  expect(at(step(begun, -1))).toBe("1");
  expect(at(step(begun, 9))).toBe("3");
  expect(step(empty, 1).at).toBe(0);
});
