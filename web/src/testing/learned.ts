import type { FitRead, OutcomesRead, RoutingModelRead } from "@/api/schema.gen";

/** Example routing models, the same on every run. Every part can be replaced. */

type Parts = Partial<Omit<RoutingModelRead, "evidence">> & { evidence?: Partial<RoutingModelRead["evidence"]> };

export function routingModel(parts: Parts = {}): RoutingModelRead {
  return {
    id: "rm_01a213908f4e7c1e9b6d2f0a5c3e8d71",
    version: 3,
    state: "active",
    basis: "told",
    doubts: ["It does not know venue-faq-2: there your own number counts."],
    size: 84_211,
    digest: "f80485d666c21e5dc916eb286f1915f12a77b52ce47f8625555f5c4d87f193fe",
    createdBy: "person_01",
    createdAt: "2026-06-11T16:02:00Z",
    activatedBy: "person_01",
    activatedAt: "2026-06-11T16:20:00Z",
    retiredAt: null,
    former: "rm_02",
    ...parts,
    evidence: {
      prompts: 4812,
      compared: 4790,
      models: [
        { model: "assistant-4", outcomes: 4801, mean: 0.913, calibrationError: 0.016 },
        { model: "assistant-4-mini", outcomes: 4801, mean: 0.702, calibrationError: 0.024 },
      ],
      apgr: 0.731,
      saved: 0.47,
      kept: 0.956,
      qualityShare: 0.62,
      traffic: { prompts: 500, familiar: 0.91, doubted: 0.07, strange: 0.02 },
      ...parts.evidence,
    },
  };
}

export const routingModels = (): RoutingModelRead[] => [
  routingModel({
    id: "rm_04",
    version: 4,
    state: "candidate",
    createdAt: "2026-06-12T09:31:00Z",
    activatedAt: null,
    activatedBy: null,
    former: null,
    doubts: ["It does not know venue-faq-2: there your own number counts.", "Chances of assistant-4-mini are 13% off."],
    evidence: { prompts: 5120, compared: 5090, saved: 0.49, kept: 0.949 },
  }),
  routingModel(),
  routingModel({ id: "rm_02", version: 2, state: "retired", retiredAt: "2026-06-11T16:20:00Z", former: null, evidence: { prompts: 1204, saved: 0.38, kept: 0.961 } }),
  routingModel({
    id: "rm_01",
    version: 1,
    state: "retired",
    basis: "observed",
    former: null,
    evidence: { prompts: 2310, compared: 0, apgr: null, saved: null, kept: null, qualityShare: null },
  }),
];

export function fit(parts: Partial<FitRead> = {}): FitRead {
  return {
    id: "fit_01",
    state: "done",
    basis: "told",
    stage: "done",
    progress: 1,
    problem: null,
    routingModel: "rm_04",
    startedBy: "person_01",
    startedAt: "2026-06-12T09:30:41Z",
    finishedAt: "2026-06-12T09:31:00Z",
    ...parts,
  };
}

export const outcomes = (parts: Partial<OutcomesRead> = {}): OutcomesRead => ({
  prompts: 5120,
  models: [
    { model: "assistant-4", outcomes: 5108, mean: 0.911, enough: true },
    { model: "assistant-4-mini", outcomes: 5102, mean: 0.704, enough: true },
    { model: "venue-faq-2", outcomes: 41, mean: 0.83, enough: false },
  ],
  required: { prompts: 200, models: 2, outcomesPerModel: 100, goodAndPoorEach: 5 },
  ...parts,
});
