/** Which limits on cost say something about what the page shows. Pure. */

import { MANY, type CostsSearch } from "./routes";
import { round } from "./words";

import type { CostItem, LimitRead } from "@/api/schema.gen";
import { percent } from "@/lib/format";

const BY_NAME = ["model", "route"];
const BY_ID = ["key", "person", "team"];

const amountOf = (limit: LimitRead): number => Number(limit.amount);

function isOn({ subject }: LimitRead, kind: string, value: string | null): boolean {
  if (subject.kind !== kind || value === null) return false;
  return BY_NAME.includes(kind) ? subject.name === value : BY_ID.includes(kind) && subject.id === value;
}

/** The limits on one value. */
export const limitsOf = (limits: readonly LimitRead[], by: string, item: Pick<CostItem, "value">): LimitRead[] => limits.filter((limit) => isOn(limit, by, item.value));

/** `64 % of $50 a month`. */
export function used(limit: LimitRead): string {
  const amount = amountOf(limit);
  const share = amount > 0 ? Number(limit.use.used) / amount : 1;
  return `${percent(share)} of ${round(amount)} a ${limit.window ?? "time"}`;
}

/** The limit that a step of the picture can be held against: on all that is shown, for as long as a step is. */
export function lineOf(limits: readonly LimitRead[], search: CostsSearch, step: string | null): number | null {
  const chosen = MANY.flatMap((name) => (search[name] ?? []).map((value) => [name, value] as const));
  const [only] = chosen;
  const found = limits.filter((limit) => {
    if (limit.window !== step) return false;
    if (!only) return limit.subject.kind === "organization";
    return chosen.length === 1 && isOn(limit, only[0], only[1]);
  });
  return found.length === 0 ? null : Math.min(...found.map(amountOf));
}
