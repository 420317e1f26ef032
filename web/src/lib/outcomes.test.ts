import { expect, test } from "vitest";

import { outcomeChange, outcomeInterval, outcomeInWords, outcomeName, outcomeValue } from "./outcomes";

test("a measure is read in its unit, and its change with a sign", () => {
  expect([outcomeValue("resolved", 0.613), outcomeValue("latency_ms", 840), outcomeValue("rating", 4.2)]).toEqual(["61.3\u202f%", "840 ms", "4.2"]);
  expect([outcomeChange("resolved", 0.031), outcomeChange("latency_ms", -140), outcomeChange("cost_usd", 0.002)]).toEqual(["+3.1 points", "−140 ms", "+$0.002000"]);
  expect(outcomeInterval("resolved", 0.009, 0.053)).toBe("+0.9 to +5.3 points");
  expect(outcomeInterval("latency_ms", -200, -80)).toBe("−200 ms to −80 ms");
});

test("a measure that is newer than the page has a name, too", () => {
  expect([outcomeName("first_token_ms"), outcomeInWords("handover"), outcomeValue("first_token_ms", 12)]).toEqual(["First token ms", "handed to a person", "12"]);
});
