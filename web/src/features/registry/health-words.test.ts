import { expect, test } from "vitest";

import { circuitWords, healthAnswer } from "./health-words";

import { circuit, providerHealth, providerUnwell } from "@/testing/health";

const NOW = Date.parse("2026-06-12T10:00:41Z");

test("a circuit is told by what it means for the next call", () => {
  expect(circuitWords(circuit(), NOW)).toBe("Calls go to it.");
  expect(providerUnwell().models.map((each) => circuitWords(each.circuit, NOW))).toEqual([
    "Left alone in 1 of 2 processes for 21 s more after rate_limited; it asked for 30 s.",
    "One call at a time finds out in 2 of 2 processes whether it is well after upstream_error.",
  ]);
  const alone = circuit({ state: "open", openIn: 1, processes: 1, until: "2026-06-12T10:00:40Z" });
  expect(circuitWords(alone, NOW)).toBe("Left alone for 1 s more.");
  expect(circuitWords(circuit({ state: "unknown", processes: 0 }), NOW)).toBe("No server process is heard of.");
});

test("the page answers with who is unwell", () => {
  expect(healthAnswer([])).toBeNull();
  expect(healthAnswer([providerUnwell(), providerHealth()])).toBe("openai is degraded.");
  expect(healthAnswer([providerHealth({ status: "idle" })])).toBe("None was called in the last hour.");
  expect(healthAnswer([providerHealth()])).toBe("Every provider that was called is healthy.");
});
