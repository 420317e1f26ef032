/** From a figure to the calls behind it. Pure. */

import { MANY, type CostsSearch } from "./routes";

import type { CostItem, CostReport } from "@/api/schema.gen";
import { without } from "@/lib/url-state";

type Filter = (typeof MANY)[number];

/** The filters of Operations that find the calls of a value; null where it has none. */
export function callsOf(search: CostsSearch, report: Pick<CostReport, "by" | "from" | "to" | "asOf">, item: Pick<CostItem, "value">) {
  const by = MANY.find((name) => name === report.by);
  if (!by || item.value === null) return null;
  const filters: Partial<Record<Filter, string[]>> = without(search, "by", "last", "from", "to");
  const open = Date.parse(report.to) >= Date.parse(report.asOf);
  return { ...filters, [by]: [item.value], from: report.from, ...(!open && { to: report.to }) };
}
