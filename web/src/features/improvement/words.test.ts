import { expect, test } from "vitest";

import { linesOf } from "./turn/evidence";
import { answerOf, budgetWords, cameTo, planWords, triggerWords } from "./words";

import { policies, policy, promoted, rolledBack, story, turns } from "@/testing/improvement";

test("the page says first what waits for somebody", () => {
  expect(answerOf(policies(), turns())).toBe("ticket-classifier waits for your approval.");
  expect(answerOf(policies(), turns().slice(1))).toBe("faq-answers improves: releasing.");
  expect(answerOf(policies(), turns().slice(2))).toBe("Nothing to do: 2 models are looked after.");
  expect(answerOf([policy({ enabled: false })], [])).toBe("Nothing improves by itself: every policy is off.");
  expect(answerOf([], [])).toBe("");
});

test("a policy reads as what begins it, what happens then, and what it takes", () => {
  expect(policy().triggers.map(triggerWords)).toEqual(["accuracy is surely below 95.0\u202f%", "1,000 examples are new", "24 h have passed"]);
  expect(planWords(policy())).toBe("It is trained and waits for an approval and is released as a canary, compared with the live version.");
  expect(planWords(policy({ approvals: ["train"], release: { strategy: "immediate", plan: {}, shadow: true, compare: null } }))).toBe("It waits for an approval and is trained, answers unseen for a while and is released at once.");
  expect(budgetWords(policy())).toBe("1 of 4 runs in 24 h; $0.840 of $20.00 in 30 days");
});

test("a turn that went back is as far as it came", () => {
  expect(cameTo(promoted(), promoted().timeline)).toBe(5);
  expect(cameTo(rolledBack(), rolledBack().timeline)).toBe(3);
  expect(cameTo(story(), story().timeline)).toBe(2);
});

test("evidence is told line by line, whatever it is", () => {
  expect(linesOf(story().evidence)).toEqual([
    ["Accuracy", "94.8\u202f%"],
    ["Former, version", "1.2.0"],
    ["Former, accuracy", "91.2\u202f%"],
    ["Difference", "+3.6 points (+1.8 points to +5.4 points)"],
    ["Examples", "422"],
    ["Checks", "Better by more than chance. No label got worse by more than 2 points."],
  ]);
  // What was measured says how the rest is read: shares in percent, differences of them in points.
  const arms = { live: { n: 1204, mean: 0.5093 }, candidate: { n: 1, mean: 0.968 } };
  expect(linesOf({ metric: "accuracy", ...arms, difference: 0.4587, low: 0.1, high: 0.8, alpha: 0.05 })).toEqual([
    ["Metric", "Accuracy"],
    ["Live", "50.9\u202f%, of 1,204 people or conversations"],
    ["Candidate", "96.8\u202f%, of 1 person or conversation"],
    ["Difference", "+45.9 points (+10.0 to +80.0 points)"],
    ["False alarms", "in 5.0\u202f% at most"],
  ]);
  expect(linesOf({ metric: "latency_ms", live: { n: 20, mean: 412.4 }, candidate: { n: 0, mean: null }, difference: -31, low: null, high: null })).toEqual([
    ["Metric", "Latency"],
    ["Live", "412 ms, of 20 people or conversations"],
    ["Difference", "−31 ms"],
  ]);
  expect(linesOf({ empty: [], odd: [1, 2], yes: true, none: null })).toEqual([
    ["Odd", "2 entries"],
    ["Yes", "yes"],
  ]);
});
