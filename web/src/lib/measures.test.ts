import { expect, test } from "vitest";

import { figure, headline, isShare, measure, measureInWords, number } from "./measures";

test("names read as words, however they are written", () => {
  expect(["macroF1", "macro_f1", "validation_loss", "accuracy", "p95Ms"].map(measure)).toEqual(["Macro F1", "Macro F1", "Validation loss", "Accuracy", "Latency, 95 of 100"]);
  expect(["macroF1", "f1", "accuracy"].map(measureInWords)).toEqual(["macro F1", "F1", "accuracy"]);
});

test("shares are in percent, times in milliseconds, the rest as it is", () => {
  expect(figure("accuracy", 0.9342)).toBe("93.4\u202f%");
  expect(figure("p95Ms", 4.2)).toBe("4.20 ms");
  expect(figure("loss", 1.23456)).toBe("1.235");
  expect(figure("learning_rate", 0.00002)).toBe("2.0e-5");
  expect(isShare("learningRate")).toBe(false);
  expect(figure("size", 4_813_534)).toBe("4.8\u202fMB");
  expect(number(12_000)).toBe("12,000");
});

test("a model is known by its accuracy, else by what comes next", () => {
  expect(headline({ macroF1: 0.8, accuracy: 0.9 })).toEqual({ name: "accuracy", value: 0.9 });
  expect(headline({ loss: 0.2, accuracy: null })).toEqual({ name: "loss", value: 0.2 });
  expect(headline({})).toBeNull();
  expect(headline(null)).toBeNull();
});
