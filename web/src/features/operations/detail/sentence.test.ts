import { expect, test } from "vitest";

import { sentence } from "./sentence";

import { operationRead } from "@/testing/operation";

test("says how an operation went", () => {
  expect(sentence(operationRead())).toBe("Answered in 412 ms for $0.000312.");
  const [last] = operationRead().attempts;
  if (!last) throw new Error("An operation has an attempt.");
  const failed = { ...last, error: "upstream_timeout" };
  expect(sentence(operationRead({ attempts: [failed, last] }))).toBe("Answered in 412 ms for $0.000312 after one failed attempt.");
  expect(sentence(operationRead({ attempts: [failed, failed, last], usageEstimated: true }))).toBe(
    "Answered in 412 ms for about $0.000312 after 2 failed attempts.",
  );
  expect(sentence(operationRead({ status: "error", errorCode: "rate_limited", costUsd: 0 }))).toBe(
    "Failed after 412 ms with rate_limited; 1 attempt made at no cost.",
  );
  expect(sentence(operationRead({ status: "cancelled" }))).toContain("The client left after 412 ms");
  expect(sentence(operationRead({ status: "interrupted" }))).toContain("is estimated");
});
