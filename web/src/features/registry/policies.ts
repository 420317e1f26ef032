/** How a route chooses, each way in one sentence. Pure. */

import type { Policy } from "@/api/schema.gen";

export const SIDES = ["cost", "performance", "quality"] as const;
export type Side = (typeof SIDES)[number];

interface Words {
  label: string;
  /** Beside the others, to choose by. */
  short: string;
  help: string;
}

export const policies: Record<Policy, Words> = {
  weighted: { label: "Weighted", short: "fixed shares", help: "Each model gets its exact share of the calls, spread evenly." },
  round_robin: { label: "Round robin", short: "take turns", help: "The models take turns, whatever their weights." },
  least_connections: { label: "Least connections", short: "the least busy", help: "The model with the fewest calls in flight, in proportion to its weight." },
  response_time: { label: "Response time", short: "the quickest", help: "Of two models drawn at random, the one that would answer sooner." },
  intelligent: { label: "Intelligent", short: "best of quality, cost and speed", help: "Of the models that can take the call, the one with the best of quality, cost and speed." },
  adaptive: { label: "Adaptive", short: "learns what pays", help: "Tries, learns what pays, and keeps trying a little; a conversation stays with its model." },
};

export const isPolicy = (name: string): name is Policy => name in policies;

/** It looks at what a call needs, and at what models cost and are worth. */
export const selective = (policy: Policy) => policy === "intelligent" || policy === "adaptive";

/** It reads the weights. */
export const weighed = (policy: Policy) => policy === "weighted" || policy === "least_connections";
