/** Costs in words. Pure. */

import { METADATA, type Dimension } from "./routes";

import type { CostItem, CostReport } from "@/api/schema.gen";
import { percent, usd } from "@/lib/format";
import { shortTime } from "@/lib/time";

export const names: Record<Dimension, string> = {
  model: "Model",
  provider: "Provider",
  route: "Route",
  key: "API key",
  person: "Person",
  team: "Team",
  user: "User",
  conversation: "Conversation",
  kind: "Kind",
  status: "Status",
  stream: "Streamed",
};

export const nameOf = (by: string): string => (by in names ? names[by as Dimension] : by.slice(METADATA.length));

const missing: Partial<Record<Dimension, string>> = {
  key: "No key: people who were signed in",
  person: "Nobody in particular",
  team: "No team",
  user: "No user named",
  conversation: "No conversation named",
};

/** How a value reads. */
export function labelOf(by: string, { value, label }: Pick<CostItem, "value" | "label">): string {
  if (label !== null) return label;
  if (value === null) return missing[by as Dimension] ?? `No ${nameOf(by).toLowerCase()}`;
  if (by === "stream") return value === "true" ? "Streamed" : "In one piece";
  return value;
}

/** A round amount, as axes and limits have them: `$80`. */
export const round = (dollars: number): string => (Number.isInteger(dollars) ? `$${dollars.toLocaleString("en-GB")}` : usd(dollars));

/** By how much something moved, as a share; null where there is nothing to compare with. */
export const moved = (now: number, before: number | undefined): number | null => (before ? now / before - 1 : null);

/** What happened to costs, and whose doing it is. */
export function answerOf(report: CostReport): string {
  const { total } = report;
  if (total.calls === 0) return "Nothing was called in this time.";
  const spent = `${usd(total.costUsd)} since ${shortTime(report.from)}`;
  const change = moved(total.costUsd, total.before?.costUsd);
  if (change === null) return `${spent}; there was no cost in the time before to compare with.`;
  if (Math.abs(change) < 0.005) return `${spent}, as much as in the time before.`;
  const said = `Costs ${change > 0 ? "rose" : "fell"} by ${percent(Math.abs(change))} to ${usd(total.costUsd)}`;
  return said + driver(report, change > 0);
}

/** The value that moved the costs most in the direction in which they went. */
function driver({ items, by }: CostReport, rose: boolean): string {
  const moves = items.map((item) => ({ item, by: item.costUsd - (item.before?.costUsd ?? 0) }));
  const [most] = moves.sort((a, b) => (rose ? b.by - a.by : a.by - b.by));
  if (!most || by === null || most.by === 0 || most.by > 0 !== rose) return ".";
  return `; ${usd(Math.abs(most.by))} ${rose ? "more" : "less"} is ${nameOf(by).toLowerCase()} ${labelOf(by, most.item)}.`;
}
