import { FINDING_KINDS, SOURCES, SPLITS, STATUSES, type ExamplesSearch } from "../routes";
import type { Kind, StatisticsRead } from "../shapes";
import { byCount, findingKinds, hasLabels, sources, splits, statuses } from "../words";

import type { Chosen, Field } from "@/components/filter-bar/fields";
import { count } from "@/lib/format";
import { compact, without } from "@/lib/url-state";

const named = <Name extends string>(names: readonly Name[], words: Record<Name, string>) => names.map((value) => ({ value, label: words[value].toLowerCase() }));

/** What examples can be filtered by. */
export function fields(kind: Kind, statistics: StatisticsRead | undefined): Field[] {
  const labels = statistics && byCount(statistics.byLabel).map(([value, examples]) => ({ value, note: count(examples) }));
  return [
    { kind: "choice", id: "status", label: "State", options: named(STATUSES, statuses) },
    ...(hasLabels(kind) ? [{ kind: "choice", id: "label", label: "Label", options: labels } as const] : []),
    { kind: "choice", id: "source", label: "Source", options: named(SOURCES, sources) },
    { kind: "choice", id: "split", label: "Split", options: named(SPLITS, splits) },
    { kind: "choice", id: "finding", label: "Finding", options: named(FINDING_KINDS, findingKinds) },
    { kind: "number", id: "minQuality", label: "Quality", unit: "%" },
  ];
}

const ONE = ["status", "label", "source", "split", "finding"] as const;

export function chosenOf(search: ExamplesSearch): Chosen {
  const one = ONE.map((name) => [name, search[name] === undefined ? [] : [search[name]]] as const);
  return Object.fromEntries([...one, ["minQuality", search.minQuality === undefined ? [] : [String(search.minQuality)]]]);
}

/** A search with one filter set anew; each takes one value, the one chosen last. */
export function withFilter(search: ExamplesSearch, field: string, values: string[]): ExamplesSearch {
  const rest = without(search, field as keyof ExamplesSearch, "example");
  const value = values.at(-1);
  if (value === undefined) return rest;
  return { ...rest, [field]: field === "minQuality" ? Math.min(100, Number(value)) : value };
}

/** What decides which examples are listed: nothing else of the address does, such as a dialog that lies over the list. */
export const filtersOf = (search: ExamplesSearch): ExamplesSearch => compact(Object.fromEntries([...ONE, "q", "minQuality"].map((name) => [name, search[name as keyof ExamplesSearch]])));

/** The same as the API takes it: quality is a share there. */
export const askedOf = (search: ExamplesSearch) => {
  const { minQuality, ...rest } = filtersOf(search);
  return { ...rest, ...(minQuality !== undefined && { minQuality: String(minQuality / 100) }) };
};
