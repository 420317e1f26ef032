import { expect, test } from "vitest";

import { answerOf } from "./words";

import { tuned, tuningJobs } from "@/testing/training";

test("the page says what is under way, or how the last one ended", () => {
  expect(answerOf(tuningJobs())).toBe("2 jobs under way.");
  expect(answerOf([tuned({ status: "validating_files", endedAt: null, tunedModel: null })])).toBe("departments: checking files.");
  expect(answerOf([tuned()])).toBe("Nothing is tuned. The last one is called as departments@staging.");
  expect(answerOf([tuned({ status: "failed", tunedModel: null })])).toBe("Nothing is tuned. The last one, departments, failed.");
  expect(answerOf([])).toBe("");
});
