/** Two people edited one route: what each changed, what fits together, what does not. Pure. */

import type { RouteCreate, RouteTarget } from "@/api/schema.gen";

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

function facts({ name, targets, fallbacks, deadlines }: RouteCreate): Facts {
  const found: Facts = new Map<string, Value>([["name", name]]);
  for (const { model, weight } of targets) found.set(TARGET + model, weight);
  if (fallbacks.length > 0) found.set("fallbacks", fallbacks);
  for (const [part, seconds] of Object.entries(deadlines)) if (seconds != null) found.set(DEADLINE + part, seconds);
  return found;
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

function words(key: string, value: Value | undefined): string {
  if (value === undefined) return key === "fallbacks" ? "none" : key.startsWith(DEADLINE) ? "the gateway's own" : "not a target";
  if (typeof value === "object") return value.join(", then ");
  if (key.startsWith(TARGET)) return `weight ${value}`;
  return key.startsWith(DEADLINE) ? `${value} s` : String(value);
}

const titles: Record<string, string> = { connect: "Connect", firstToken: "First token", stall: "Stall", total: "Whole answer" };

function title(key: string): string {
  if (key.startsWith(TARGET)) return `Target ${key.slice(TARGET.length)}`;
  if (key.startsWith(DEADLINE)) return `${titles[key.slice(DEADLINE.length)] ?? key} deadline`;
  return key === "name" ? "Name" : "Fallbacks";
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
  return { route: routeOf(result, theirs), clashes };
}

function routeOf(found: Facts, { policy }: RouteCreate): RouteCreate {
  const targets: RouteTarget[] = [];
  const deadlines: Record<string, number> = {};
  for (const [key, value] of found) {
    if (key.startsWith(TARGET)) targets.push({ model: key.slice(TARGET.length), weight: value as number });
    if (key.startsWith(DEADLINE)) deadlines[key.slice(DEADLINE.length)] = value as number;
  }
  return {
    name: found.get("name") as string,
    policy,
    targets,
    fallbacks: (found.get("fallbacks") as string[] | undefined) ?? [],
    deadlines,
  };
}
