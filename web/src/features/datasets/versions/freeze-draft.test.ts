import { expect, test } from "vitest";

import { shifts, comparedWords } from "./compared";
import { about, freezeBody, isComplete, sharesFault, sharesOf, usual } from "./freeze-draft";

import { compared } from "@/testing/datasets";

test("what is not for validation or the test is for training", () => {
  expect(sharesOf({ ...usual, validation: "15", test: "20" })).toEqual({ train: 0.65, validation: 0.15, test: 0.2 });
  expect(about(1000, sharesOf(usual))).toEqual({ train: 800, validation: 100, test: 100 });
  expect(freezeBody({ ...usual, minQuality: "70", note: " ok " })).toMatchObject({ minQuality: 0.7, note: "ok", seed: 7 });
});

test("shares that leave nothing to train on are told, and so is what is no number", () => {
  expect(sharesFault({ ...usual, validation: "60", test: "40" })).toContain("left to train on");
  expect(sharesFault({ ...usual, validation: "" })).toContain("0 to 100");
  expect(isComplete({ ...usual, seed: "1.5" })).toBe(false);
  expect(isComplete(usual)).toBe(true);
});

test("two versions are compared in a sentence, and labels by how much they shifted", () => {
  expect(comparedWords(compared() as never)).toBe("Against version 2, version 3 has 66 examples more, 6 fewer, 4 with another output; 1,090 are the same.");
  expect(comparedWords(compared({ added: 0, removed: 0, relabelled: 0 }) as never)).toContain("holds the same");
  expect(shifts(compared() as never).map(({ label, change }) => `${label} ${change}`)).toEqual(["booking +20", "directions +19", "invoice +19", "catering −4"]);
});
