/** A route while it is edited: numbers as they are typed. Pure. */

import { isPolicy, selective, SIDES, type Side } from "./policies";

import type { Policy, RouteCreate, RouteRead } from "@/api/schema.gen";

export const DEADLINES = ["connect", "firstToken", "stall", "total"] as const;
export type Deadline = (typeof DEADLINES)[number];

export interface TargetDraft {
  model: string;
  weight: string;
}

export interface RouteDraft {
  name: string;
  policy: Policy;
  /** How much each side counts; all empty: alike. */
  factors: Readonly<Record<Side, string>>;
  /** The part of the calls that is spread evenly; empty: the gateway's own. */
  exploration: string;
  /** Separated by commas; empty: anywhere. */
  regions: string;
  targets: readonly TargetDraft[];
  fallbacks: readonly string[];
  /** In seconds; empty: the gateway's own. */
  deadlines: Readonly<Record<Deadline, string>>;
}

const shown = (value: number | null | undefined) => (value == null ? "" : String(value));

export function draftOf(route: RouteRead | RouteCreate): RouteDraft {
  const { connect, firstToken, stall, total } = route.deadlines;
  const { cost, performance, quality } = route.factors ?? {};
  return {
    name: route.name,
    policy: isPolicy(route.policy) ? route.policy : "weighted",
    factors: { cost: shown(cost), performance: shown(performance), quality: shown(quality) },
    exploration: shown(route.exploration),
    regions: route.regions.join(", "),
    targets: route.targets.map(({ model, weight }) => ({ model, weight: shown(weight) })),
    fallbacks: route.fallbacks,
    deadlines: { connect: shown(connect), firstToken: shown(firstToken), stall: shown(stall), total: shown(total) },
  };
}

export const emptyDraft = (model = ""): RouteDraft => ({
  name: "",
  policy: "weighted",
  factors: { cost: "", performance: "", quality: "" },
  exploration: "",
  regions: "",
  targets: [{ model, weight: "1" }],
  fallbacks: [],
  deadlines: { connect: "", firstToken: "", stall: "", total: "" },
});

/** What is typed as a number; NaN where it is none. */
export const number = (text: string) => (text.trim() === "" ? NaN : Number(text.trim().replace(",", ".")));

export function weightFault(text: string): string | null {
  const value = number(text);
  if (Number.isNaN(value)) return "A weight is a number, such as 1 or 0.4.";
  return value > 0 && value <= 1_000_000 ? null : "A weight is more than 0 and at most 1,000,000.";
}

export function deadlineFault(text: string): string | null {
  if (text.trim() === "") return null;
  const value = number(text);
  if (Number.isNaN(value)) return "A deadline is a number of seconds, such as 2.5.";
  return value > 0 && value <= 86_400 ? null : "A deadline is more than 0 s and at most 86,400 s.";
}

export function factorFault(text: string): string | null {
  if (text.trim() === "") return null;
  const value = number(text);
  return value >= 0 && value <= 1_000_000 ? null : "A factor is a number from 0 to 1,000,000.";
}

export function explorationFault(text: string): string | null {
  if (text.trim() === "") return null;
  const value = number(text);
  return value >= 0.001 && value <= 1 ? null : "A part is a number from 0.001 to 1.";
}

/** What stands in the way of even asking the server. */
export function complete({ name, targets, deadlines, factors, exploration }: RouteDraft): boolean {
  return (
    name.trim() !== "" &&
    SIDES.every((each) => factorFault(factors[each]) === null) &&
    explorationFault(exploration) === null &&
    targets.length > 0 &&
    targets.every(({ model, weight }) => model !== "" && weightFault(weight) === null) &&
    DEADLINES.every((each) => deadlineFault(deadlines[each]) === null)
  );
}

/** What is sent; of deadlines only those that differ from the gateway's. */
export function bodyOf(draft: RouteDraft): RouteCreate {
  const deadlines = Object.fromEntries(
    DEADLINES.filter((each) => draft.deadlines[each].trim() !== "").map((each) => [each, number(draft.deadlines[each])]),
  );
  return {
    name: draft.name.trim(),
    ...needs(draft),
    targets: draft.targets.map(({ model, weight }) => ({ model, weight: number(weight) })),
    fallbacks: [...draft.fallbacks],
    deadlines,
  };
}

/** What the policy reads; what another one would read is not sent. */
function needs({ policy, factors, exploration, regions }: RouteDraft): Pick<RouteCreate, "policy" | "factors" | "exploration" | "regions"> {
  if (!selective(policy)) return { policy, regions: [] };
  const given = SIDES.filter((each) => factors[each].trim() !== "");
  const names = regions.split(",").map((each) => each.trim());
  return {
    policy,
    ...(given.length > 0 && { factors: { cost: 1, performance: 1, quality: 1, ...Object.fromEntries(given.map((each) => [each, number(factors[each])])) } }),
    ...(policy === "adaptive" && exploration.trim() !== "" && { exploration: number(exploration) }),
    regions: [...new Set(names.filter((each) => each !== ""))],
  };
}

/** Each target's part of the calls, 0 to 1; 0 while its weight cannot be read. */
export function shares(targets: readonly TargetDraft[]): number[] {
  const weights = targets.map(({ weight }) => (weightFault(weight) === null ? number(weight) : 0));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => (total > 0 ? weight / total : 0));
}
