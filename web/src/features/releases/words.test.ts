import { expect, test } from "vitest";

import { stagesOf } from "./ramp";
import { answerOf, marginOf, rampOf, roughly, shareOf, waitsFor, willGoBack } from "./words";

import { gradual, harmed, promoted, release, releases, summary } from "@/testing/releases";

const points = { unit: "user" } as const;

test("what is on its way is told of all", () => {
  expect(answerOf(releases())).toBe("2 releases are on their way; 1 holds.");
  expect(answerOf([summary()])).toBe("ticket-classifier 1.3.0 is on its way at 25\u202f%.");
  expect(answerOf([summary({ state: "succeeded" })])).toBe("Nothing is being released.");
});

test("a step says what it waits for", () => {
  const [first] = gradual().steps;
  if (!first) throw new Error("no step");
  expect(waitsFor({ ...first, approval: true }, points)).toBe("200 people, 10 min, your word");
  expect(waitsFor({ share: 1, hold: { units: 0, seconds: 0 }, approval: false }, points)).toBe("no wait");
  expect(rampOf(gradual().steps)).toBe("5\u202f%, 25\u202f%, 50\u202f%, then all");
  expect(rampOf([])).toBe("all at once");
});

test("steps are drawn by where the release is", () => {
  const places = (of: Parameters<typeof stagesOf>[0]) => stagesOf(of).map(({ place }) => place);
  expect(places(release())).toEqual(["done", "here", "ahead", "ahead"]);
  expect(places(release({ state: "preparing", step: 0 }))).toEqual(["ahead", "ahead", "ahead", "ahead"]);
  expect(places(harmed())).toEqual(["back", "never", "never", "never"]);
  expect(places(promoted())).toEqual(["done", "done", "done", "done"]);
  expect(places(release({ former: null, state: "promoting" }))).toEqual(["here"]);
});

test("what going back does, and what is borne, is told", () => {
  expect(willGoBack(summary())).toBe("1.3.0 gets no call any more: 1.2.0 answers every call of ticket-classifier again, within a second.");
  expect(willGoBack(summary({ former: null, state: "succeeded" }))).toContain("nothing was live before");
  expect([marginOf("error_rate", 0.02), marginOf("latency_ms", 0.5), marginOf("rating", 0)]).toEqual(["errors worse by 2.0 points at most", "latency worse by 50\u202f% at most", "rating not worse at all"]);
});

test("shares and times are told roughly", () => {
  expect([shareOf(summary()), shareOf(summary({ state: "succeeded" })), shareOf(summary({ state: "rolled_back" }))]).toEqual(["25\u202f%", "100\u202f%", "0\u202f%"]);
  expect([0.2, 600, 7200, 259_200].map(roughly)).toEqual(["1 s", "10 min", "2 hours", "3 days"]);
});
