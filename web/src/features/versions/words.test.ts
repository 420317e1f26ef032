import { expect, test } from "vitest";

import { answerOf, because, hasBetter, newestInWords, servedAs, troubleOf, verdict, willChange, worth } from "./words";

import { summary as release } from "@/testing/releases";
import { history, predictor, served, summary, trained, version } from "@/testing/versions";

test("what is in force is counted, and what waits", () => {
  expect(answerOf([trained(), trained({ name: "faq", live: { production: null, staging: null, abTest: null }, versions: [summary({ gatePassed: false })] })])).toBe(
    "1 of 2 models is in force; 1 has a newer version that passed its gates.",
  );
  expect(answerOf([])).toBe("");
  const back = release({ name: trained().name, version: String(trained().versions[0]?.version), state: "rolled_back" });
  expect(answerOf([trained()], [back])).toBe("1 of 1 model is in force.");
  expect(answerOf([trained()], [{ ...back, name: "faq" }])).toContain("1 has a newer version");
  expect(hasBetter(trained({ versions: [] }))).toBe(false);
});

test("a version whose release went back is not praised", () => {
  const model = trained();
  const version = String(model.versions[0]?.version);
  const back = release({ version, state: "rolled_back", words: "Failed calls rose by 4.1 points, more than the 2 that are borne." });
  expect(newestInWords(model, [])).toBe(`${version} is newer and passed its gates.`);
  expect(newestInWords(model, [release({ version: "0.9.0", state: "rolled_back" })])).toBe(`${version} is newer and passed its gates.`);
  expect(newestInWords(model, [back])).toBe(`${version} passed its gates but its release went back: Failed calls rose by 4.1 points, more than the 2 that are borne.`);
  expect(newestInWords(trained({ versions: [] }), [])).toBe("");
});

test("a version says whether it is better", () => {
  expect(verdict(version())).toBe("It passed its gates: Macro F1 +2.1 points, more than chance explains (95 %: +0.6 to +3.7).");
  expect(verdict(version({ comparison: null }))).toBe("It passed its gates; there was no live version to compare it with.");
  expect(verdict(version({ state: "live" }))).toContain("is live: when it was made, Macro F1 +2.1 points");
  const worse = { metrics: { macroF1: { champion: 0.9, challenger: 0.88, difference: -0.02, low: -0.03, high: -0.01 } } };
  expect(verdict(version({ comparison: worse, gate: { ...version().gate, passed: false } }))).toContain("worse than chance explains");
});

test("what a promotion changes is told", () => {
  expect(willChange("1.3.0", "production", "1.2.0", "tickets")).toBe("Every call of tickets is answered by 1.3.0 instead of 1.2.0, within a second.");
  expect(willChange("1.3.0", "staging", null, "tickets")).toBe("Every call of tickets in staging is answered by 1.3.0 from then on; nothing answered before.");
  expect(worth(summary({ figures: {} }))).toBe("");
});

test("who did it is told, and why, and whether a gate was overridden", () => {
  const [first, second] = history();
  if (!first || !second) throw new Error("no history");
  const who = (id: string) => (id.startsWith("ada") ? "Ada" : "Ben");
  expect(because(first, who)).toBe("By Ada: Better on refunds.");
  expect(because(second, who)).toBe("By Ben: Its gates were overridden: The test set is too small to tell; support asked for it.");
});

test("what the predictor has is told, and why it is not what is live", () => {
  const staged = served({ environment: "staging", calledAs: "ticket-classifier@staging", version: "1.3.0", loaded: null, state: "waiting" });
  const fine = predictor({ models: [served(), staged] });
  expect(servedAs(fine, "ticket-classifier")).toBe("The predictor has 1.2.0 in memory. It loads 1.3.0 in staging at the next call.");
  expect(troubleOf(fine, "ticket-classifier")).toBeNull();
  const failed = predictor({ status: "degraded", models: [served({ loaded: "1.1.0", state: "failed", why: "model.bin is missing." })] });
  expect(troubleOf(failed, "ticket-classifier")).toEqual({ title: "1.2.0 cannot be loaded", detail: "1.1.0 still answers. model.bin is missing." });
  expect(troubleOf(failed, "another")).toBeNull();
  expect(troubleOf(predictor({ status: "unavailable", detail: "It does not answer." }), "ticket-classifier")).toEqual({ title: "No predictor answers", detail: "It does not answer." });
});
