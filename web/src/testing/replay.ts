import type { WhatIf } from "@/api/schema.gen";

/** Example answers of a replay, the same on every run. */

const AT = Date.parse("2026-06-12T10:00:41Z");
const ago = (hours: number) => new Date(AT - hours * 3_600_000).toISOString();

type Estimate = WhatIf["measures"]["costUsd"];
const estimate = (fact: number | null, found: number | null, low = found, high = found): Estimate => ({ fact, estimate: found, low, high });

export function whatIf(parts: Partial<WhatIf> = {}): WhatIf {
  return {
    basis: { kind: "route", route: "assistant", calls: 1000, since: ago(3), until: ago(0), ended: 4, unfit: 0 },
    measures: {
      costUsd: estimate(4.182, 2.905, 2.88, 2.93),
      p50Ms: estimate(1240, 1105, 1080, 1131),
      p95Ms: estimate(3480, 3520, 3310, 3790),
      ttftP50Ms: estimate(412, 371, 365, 380),
      ttftP95Ms: estimate(980, 1010, 940, 1080),
      failed: estimate(3, 9, 5, 14),
      fallbacks: estimate(12, 18, 15, 26),
      deadlines: estimate(0, 0),
    },
    mix: [
      { model: "assistant-4", askedFact: 667, askedEstimate: 333, answeredFact: 659, answeredEstimate: 330 },
      { model: "assistant-4-mini", askedFact: 333, askedEstimate: 667, answeredFact: 330, answeredEstimate: 645 },
      { model: "venue-faq-2", askedFact: 0, askedEstimate: 0, answeredFact: 8, answeredEstimate: 16 },
    ],
    samples: [
      { model: "assistant-4", attempts: 671, failed: 11 },
      { model: "assistant-4-mini", attempts: 334, failed: 5 },
      { model: "venue-faq-2", attempts: 9, failed: 0 },
    ],
    unknown: { times: 0, outcome: 0, prices: 16 },
    notes: [{ code: "few_attempts", message: "What is said of venue-faq-2 rests on 9 attempts at it." }],
    ...parts,
  };
}
