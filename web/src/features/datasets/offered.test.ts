import { expect, test } from "vitest";

import { offered } from "./offered";

const KNOWN = { booking: 40, "re-booking": 90, invoice: 60, "lost book": 3 };
const names = (typed: string, now: string | null = null, suggested: string | null = null) => offered(KNOWN, typed, { now, suggested }).map(({ label }) => label);

test("what begins so comes before what has a word that does, and before what only holds it", () => {
  expect(names("book")).toEqual(["booking", "re-booking", "lost book", "book"]);
});

test("without a word the most used comes first, the suggested before it, and what it is now last", () => {
  expect(names("")).toEqual(["re-booking", "invoice", "booking", "lost book"]);
  expect(names("", "re-booking", "lost book")).toEqual(["lost book", "invoice", "booking", "re-booking"]);
});

test("a label that is known is not offered as new, however it is written", () => {
  expect(names("Invoice")).toEqual(["invoice"]);
  expect(offered(KNOWN, "venue", { now: null, suggested: null })).toEqual([{ label: "venue", examples: null }]);
});
