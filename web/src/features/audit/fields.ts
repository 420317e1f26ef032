import type { AuditSearch } from "./routes";
import { actorName, happened } from "./words";

import type { EventFacets } from "@/api/schema.gen";
import type { Chosen, Field, Option } from "@/components/filter-bar/fields";
import { count } from "@/lib/format";
import { without } from "@/lib/url-state";

/** All of a kind first, `route.`, then each event of it. */
function names(found: EventFacets | undefined): Option[] | undefined {
  if (!found) return undefined;
  const kinds = new Map<string, number>();
  for (const { name, count: number } of found.names) {
    const kind = name.slice(0, name.indexOf(".") + 1);
    kinds.set(kind, (kinds.get(kind) ?? 0) + number);
  }
  return [
    ...[...kinds].map(([value, number]) => ({ value, label: `${happened(value.slice(0, -1))}: everything`, note: count(number) })),
    ...found.names.map(({ name, count: number }) => ({ value: name, label: happened(name), note: count(number) })),
  ];
}

/** What the trail can be filtered by. */
export function fields(found: EventFacets | undefined): Field[] {
  const actors = found?.actors.map(({ actor, count: number }) => ({ value: actor.id, label: actorName(actor), note: count(number) }));
  return [
    { kind: "choice", id: "name", label: "Event", options: names(found) },
    { kind: "choice", id: "actor", label: "By", options: actors },
    { kind: "text", id: "subject", label: "Subject", example: "route_019ab…" },
  ];
}

const FIELDS = ["name", "actor", "subject"] as const;

/** The filters of a URL as the filter bar shows them. */
export const chosenOf = (search: AuditSearch): Chosen => Object.fromEntries(FIELDS.map((name) => [name, search[name] ?? []]));

/** A search with one filter set anew. */
export function withFilter(search: AuditSearch, field: string, values: string[]): AuditSearch {
  const rest = without(search, field as keyof AuditSearch, "open");
  return values.length === 0 ? rest : { ...rest, [field]: values };
}
