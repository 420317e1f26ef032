import { expect, test } from "vitest";

import { answerOf, factors, missing, worth } from "./words";

import { outcomes, routingModel } from "@/testing/learned";

test("what is in force says what it is worth", () => {
  expect(answerOf(routingModel())).toBe(
    "Version 3 is in force for intelligent routes. On 4,790 prompts that were held out it keeps 96\u202f% of the best model’s quality and saves 47\u202f% of its cost.",
  );
  expect(answerOf(null)).toContain("the quality that you gave to each model");
});

test("what is not known is not made up", () => {
  const { evidence } = routingModel({ evidence: { saved: null, kept: null, qualityShare: null } });
  expect(worth(evidence)).toBe("What it saves is not known.");
  expect(factors(evidence)).toBeNull();
});

test("the factors are those at which it was measured", () => {
  expect(factors(routingModel().evidence)).toBe("quality 0.62, cost 0.38, performance 0");
});

test("models with too few outcomes are counted", () => {
  const { models } = outcomes();
  expect(missing(models, 100)).toBe("1 model has fewer than 100 outcomes and would not be learned.");
  expect(missing(models.filter(({ enough }) => enough), 100)).toBeNull();
});
