import { paths } from "@/lib/paths";
import type { Permission } from "@/lib/permissions";
import { amount, compact, moment, oneOf, text, texts } from "@/lib/url-state";

const LASTS = ["15m", "1h", "6h", "24h", "7d", "30d"] as const;

/** What the list keeps in its URL. */
export interface OperationsSearch {
  model?: string[];
  status?: string[];
  kind?: string[];
  route?: string[];
  user?: string[];
  conversation?: string[];
  errorCode?: string[];
  key?: string[];
  batch?: string[];
  /** The experiment or release that split the calls, and which of its arms. */
  split?: string[];
  arm?: string[];
  minCost?: number;
  minLatency?: number;
  q?: string;
  last?: string;
  from?: string;
  to?: string;
  columns?: string[];
  /** Whether new operations come in by themselves. */
  follow?: boolean;
  /** The operation whose detail lies beside the list. */
  open?: string;
}

const MANY = ["model", "status", "kind", "route", "user", "conversation", "errorCode", "key", "batch", "split", "arm"] as const;

export function readSearch(found: Record<string, unknown>): OperationsSearch {
  const many = Object.fromEntries(MANY.map((name) => [name, texts(found[name])])) as Pick<OperationsSearch, (typeof MANY)[number]>;
  return compact({
    ...many,
    key: many.key?.slice(0, 1),
    batch: many.batch?.slice(0, 1),
    split: many.split?.slice(0, 1),
    arm: many.arm?.slice(0, 1),
    minCost: amount(found["minCost"]),
    minLatency: amount(found["minLatency"]),
    q: text(found["q"])?.slice(0, 200),
    last: oneOf(found["last"], LASTS),
    from: moment(found["from"]),
    to: moment(found["to"]),
    columns: texts(found["columns"]),
    follow: found["follow"] === true || found["follow"] === "true" ? true : undefined,
    open: text(found["open"]),
  }) as OperationsSearch;
}

export const operations = {
  path: paths.operations,
  can: "operations:read" as Permission,
  validateSearch: readSearch,
};
