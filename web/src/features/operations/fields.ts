import type { OperationsSearch } from "./routes";

import type { FacetValue, OperationFacets } from "@/api/schema.gen";
import type { Chosen, Field, Option } from "@/components/filter-bar/fields";
import { count } from "@/lib/format";
import { without } from "@/lib/url-state";

const options = (values: FacetValue[] | undefined): Option[] | undefined =>
  values?.map(({ value, label, requests }) => ({ value, ...(label !== null && { label }), note: count(requests) }));

/** What the list can be filtered by; the choices are what there is in the chosen time. */
export function fields(facets: OperationFacets | undefined): Field[] {
  return [
    { kind: "choice", id: "status", label: "Status", options: options(facets?.status) },
    { kind: "choice", id: "model", label: "Model", options: options(facets?.model) },
    { kind: "choice", id: "route", label: "Route", options: options(facets?.route) },
    { kind: "choice", id: "errorCode", label: "Error code", options: options(facets?.errorCode) },
    { kind: "choice", id: "kind", label: "Kind", options: options(facets?.kind) },
    { kind: "choice", id: "key", label: "API key", options: options(facets?.key) },
    { kind: "text", id: "user", label: "User", example: "user-42" },
    { kind: "text", id: "conversation", label: "Conversation", example: "conversation-7" },
    { kind: "text", id: "batch", label: "Batch", example: "batch_01k9f3m" },
    { kind: "text", id: "split", label: "Experiment or release", example: "exp_01k9f3m" },
    { kind: "text", id: "arm", label: "Arm", example: "treatment" },
    { kind: "number", id: "minCost", label: "Cost", unit: "USD" },
    { kind: "number", id: "minLatency", label: "Latency", unit: "ms" },
  ];
}

const MANY = ["status", "model", "route", "errorCode", "kind", "key", "user", "conversation", "batch", "split", "arm"] as const;
const AMOUNTS = ["minCost", "minLatency"] as const;

/** The filters of a URL as the filter bar shows them. */
export function chosenOf(search: OperationsSearch): Chosen {
  const many = MANY.map((name) => [name, search[name] ?? []] as const);
  const amounts = AMOUNTS.map((name) => [name, search[name] === undefined ? [] : [String(search[name])]] as const);
  return Object.fromEntries([...many, ...amounts]);
}

/** Of these there is one at a time: the one chosen last. */
const ONE: readonly string[] = ["key", "batch", "split", "arm"];

/** A search with one filter set anew. */
export function withFilter(search: OperationsSearch, field: string, values: string[]): OperationsSearch {
  const rest = without(search, field as keyof OperationsSearch, "open");
  if (values.length === 0) return rest;
  if (field === "minCost" || field === "minLatency") return { ...rest, [field]: Number(values[0]) };
  return { ...rest, [field]: ONE.includes(field) ? values.slice(-1) : values };
}
