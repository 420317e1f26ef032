/** What was measured, as it is read: each arm against the first. Pure. */

import type { Comparison, Direction, Experiment, Results } from "@/api/experiments";

export interface RowOf extends Comparison {
  /** Which way is the good one. */
  direction: Direction;
  /** The mean of what answers today, and of this arm. */
  control: number | null;
  mean: number | null;
  /** The difference that lies at either end of a drawing. */
  reach: number;
}

export type Judged = "better" | "worse" | "harm" | "same" | "harmless" | "early";

const RANK = { primary: 0, guardrail: 1, secondary: 2 };

/** What decides first, then what must not get worse, then the rest. */
export function rowsOf({ metrics, arms }: Pick<Experiment, "metrics" | "arms">, { comparisons, arms: measured }: Pick<Results, "comparisons" | "arms">): RowOf[] {
  const first = measured.find(({ name }) => name === arms[0]?.name);
  const rows = comparisons.map((each) => {
    const control = first?.metrics[each.metric]?.mean ?? null;
    return {
      ...each,
      direction: metrics.find(({ key }) => key === each.metric)?.direction ?? "up",
      control,
      mean: measured.find(({ name }) => name === each.arm)?.metrics[each.metric]?.mean ?? null,
      reach: reachOf(each),
    };
  });
  return rows.sort((a, b) => RANK[a.role] - RANK[b.role]);
}

/** Each measure has a scale of its own: seconds and shares have none in common. */
function reachOf({ difference, low, high }: Comparison): number {
  return Math.max(Math.abs(difference ?? 0), Math.abs(low ?? 0), Math.abs(high ?? 0)) * 1.08 || 1;
}

/** Which way it moved, as far as that is known; a guardrail is there to show no harm. */
export function judged({ difference, role, broken, better }: Pick<Comparison, "difference" | "role" | "broken" | "better">): Judged {
  if (difference === null) return "early";
  if (broken === true) return "harm";
  if (better === null) return role === "guardrail" ? "harmless" : "same";
  return better ? "better" : "worse";
}
