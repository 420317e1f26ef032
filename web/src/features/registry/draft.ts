/** A route while it is edited: numbers as they are typed. Pure. */

import type { RouteCreate, RouteRead } from "@/api/schema.gen";

export const DEADLINES = ["connect", "firstToken", "stall", "total"] as const;
export type Deadline = (typeof DEADLINES)[number];

export interface TargetDraft {
  model: string;
  weight: string;
}

export interface RouteDraft {
  name: string;
  targets: readonly TargetDraft[];
  fallbacks: readonly string[];
  /** In seconds; empty: the gateway's own. */
  deadlines: Readonly<Record<Deadline, string>>;
}

const shown = (value: number | null | undefined) => (value == null ? "" : String(value));

export function draftOf(route: RouteRead | RouteCreate): RouteDraft {
  const { connect, firstToken, stall, total } = route.deadlines;
  return {
    name: route.name,
    targets: route.targets.map(({ model, weight }) => ({ model, weight: shown(weight) })),
    fallbacks: route.fallbacks,
    deadlines: { connect: shown(connect), firstToken: shown(firstToken), stall: shown(stall), total: shown(total) },
  };
}

export const emptyDraft = (model = ""): RouteDraft => ({
  name: "",
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

/** What stands in the way of even asking the server. */
export function complete({ name, targets, deadlines }: RouteDraft): boolean {
  return (
    name.trim() !== "" &&
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
    policy: "weighted",
    targets: draft.targets.map(({ model, weight }) => ({ model, weight: number(weight) })),
    fallbacks: [...draft.fallbacks],
    deadlines,
  };
}

/** Each target's part of the calls, 0 to 1; 0 while its weight cannot be read. */
export function shares(targets: readonly TargetDraft[]): number[] {
  const weights = targets.map(({ weight }) => (weightFault(weight) === null ? number(weight) : 0));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => (total > 0 ? weight / total : 0));
}
