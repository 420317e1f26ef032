import { paths } from "@/lib/paths";
import type { Permission } from "@/lib/permissions";
import { compact, moment, oneOf, text, texts } from "@/lib/url-state";

/** What costs are added up by; a key of one's own metadata is written behind `metadata.` */
export const DIMENSIONS = ["model", "provider", "route", "key", "person", "team", "user", "conversation", "kind", "status", "stream"] as const;
export type Dimension = (typeof DIMENSIONS)[number];
export const METADATA = "metadata.";
export const LASTS = ["24h", "7d", "30d", "90d", "365d"] as const;
export const USUAL = { by: "model", last: "30d" } as const;

/** What the page keeps in its URL. */
export interface CostsSearch {
  by?: string;
  model?: string[];
  status?: string[];
  kind?: string[];
  route?: string[];
  user?: string[];
  conversation?: string[];
  key?: string[];
  last?: string;
  from?: string;
  to?: string;
}

export const MANY = ["model", "status", "kind", "route", "user", "conversation", "key"] as const;

function dimension(value: unknown): string | undefined {
  const said = text(value);
  return said?.startsWith(METADATA) && said.length > METADATA.length ? said.slice(0, 73) : oneOf(said, DIMENSIONS);
}

export function readSearch(found: Record<string, unknown>): CostsSearch {
  const many = Object.fromEntries(MANY.map((name) => [name, texts(found[name])])) as Pick<CostsSearch, (typeof MANY)[number]>;
  return compact({
    ...many,
    key: many.key?.slice(0, 1),
    by: dimension(found["by"]),
    last: oneOf(found["last"], LASTS),
    from: moment(found["from"]),
    to: moment(found["to"]),
  }) as CostsSearch;
}

export const costs = {
  path: paths.costs,
  can: "operations:read" as Permission,
  validateSearch: readSearch,
};
