/** Two people edited one route: what each changed, what fits together, what does not. Pure. */

import { policies, selective, SIDES } from "./policies";

import type { Policy, RouteCreate, RouteTarget } from "@/api/schema.gen";

/** One thing that both changed, each to something else. */
export interface Clash {
  key: string;
  name: string;
  mine: string;
  theirs: string;
}

export type Side = "mine" | "theirs";

type Value = string | number | readonly string[];
type Facts = Map<string, Value>;

const TARGET = "target ";
const DEADLINE = "deadline ";
const FACTOR = "factor ";

function facts({ name, policy, targets, fallbacks, deadlines, factors, exploration, regions }: RouteCreate): Facts {
  const found: Facts = new Map<string, Value>([
    ["name", name],
    ["policy", policy],
  ]);
  if (factors) for (const side of SIDES) found.set(FACTOR + side, factors[side]);
  if (exploration != null) found.set("exploration", exploration);
  if (regions.length > 0) found.set("regions", regions);
  for (const { model, weight } of targets) found.set(TARGET + model, weight);
  if (fallbacks.length > 0) found.set("fallbacks", fallbacks);
  for (const [part, seconds] of Object.entries(deadlines)) if (seconds != null) found.set(DEADLINE + part, seconds);
  return found;
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

function words(key: string, value: Value | undefined): string {
  if (value === undefined) return absent(key);
  if (typeof value === "object") return value.join(key === "regions" ? ", " : ", then ");
  if (key === "policy") return policies[value as Policy].label;
  if (key.startsWith(TARGET)) return `weight ${value}`;
  return key.startsWith(DEADLINE) ? `${value} s` : String(value);
}

function absent(key: string): string {
  if (key.startsWith(TARGET)) return "not a target";
  if (key === "regions") return "anywhere";
  if (key.startsWith(FACTOR)) return "as much as the others";
  return key === "fallbacks" ? "none" : "the gateway's own";
}

const titles: Record<string, string> = { connect: "Connect", firstToken: "First token", stall: "Stall", total: "Whole answer" };

function title(key: string): string {
  if (key.startsWith(TARGET)) return `Target ${key.slice(TARGET.length)}`;
  if (key.startsWith(DEADLINE)) return `${titles[key.slice(DEADLINE.length)] ?? key} deadline`;
  if (key.startsWith(FACTOR)) return `Factor ${key.slice(FACTOR.length)}`;
  return key.charAt(0).toUpperCase() + key.slice(1);
}

interface Merged {
  /** What is saved, with the chosen side where both changed the same. */
  route: RouteCreate;
  clashes: Clash[];
}

/** Joins two changes of one version; `choose` says which side counts where they meet. */
export function merge(base: RouteCreate, mine: RouteCreate, theirs: RouteCreate, choose: (key: string) => Side = () => "theirs"): Merged {
  const [was, own, other] = [facts(base), facts(mine), facts(theirs)];
  const clashes: Clash[] = [];
  const result: Facts = new Map<string, Value>();
  // Theirs first: what is live keeps its order.
  for (const key of new Set([...other.keys(), ...own.keys(), ...was.keys()])) {
    const [a, b, c] = [was.get(key), own.get(key), other.get(key)];
    let value = same(b, a) ? c : b;
    if (!same(b, a) && !same(c, a) && !same(b, c)) {
      clashes.push({ key, name: title(key), mine: words(key, b), theirs: words(key, c) });
      value = choose(key) === "mine" ? b : c;
    }
    if (value !== undefined) result.set(key, value);
  }
  return { route: routeOf(result), clashes };
}

function routeOf(found: Facts): RouteCreate {
  const targets: RouteTarget[] = [];
  const deadlines: Record<string, number> = {};
  for (const [key, value] of found) {
    if (key.startsWith(TARGET)) targets.push({ model: key.slice(TARGET.length), weight: value as number });
    if (key.startsWith(DEADLINE)) deadlines[key.slice(DEADLINE.length)] = value as number;
  }
  return {
    name: found.get("name") as string,
    ...needs(found),
    targets,
    fallbacks: (found.get("fallbacks") as string[] | undefined) ?? [],
    deadlines,
  };
}

/** What the policy reads; what only the other one would read is left. */
function needs(found: Facts): Pick<RouteCreate, "policy" | "factors" | "exploration" | "regions"> {
  const policy = found.get("policy") as Policy;
  if (!selective(policy)) return { policy, regions: [] };
  const given = SIDES.filter((side) => found.has(FACTOR + side));
  const exploration = policy === "adaptive" ? (found.get("exploration") as number | undefined) : undefined;
  return {
    policy,
    ...(given.length > 0 && { factors: { cost: 1, performance: 1, quality: 1, ...Object.fromEntries(given.map((side) => [side, found.get(FACTOR + side)])) } }),
    ...(exploration !== undefined && { exploration }),
    regions: (found.get("regions") as string[] | undefined) ?? [],
  };
}
