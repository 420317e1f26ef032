import { CalendarX, Scale } from "lucide-react";

import { Swatch } from "./share-bar";

import type { CatalogueModel, ModelRead, UsageRead } from "@/api/schema.gen";
import type { Column } from "@/components/data-table/columns";
import { cn } from "@/lib/cn";
import { count, DASH, duration, orDash, percent, price as priced, usd } from "@/lib/format";

export interface ModelRow {
  model: ModelRead;
  /** What is known of it elsewhere. */
  entry: CatalogueModel | undefined;
  usage: UsageRead["items"][number] | undefined;
}

/** Each model with what is known of it and what it did. */
export function modelRows(
  models: readonly ModelRead[],
  catalogue: readonly CatalogueModel[],
  usage: ReadonlyMap<string, UsageRead["items"][number]> | undefined,
): ModelRow[] {
  return models.map((model) => ({
    model,
    entry: catalogue.find(({ id }) => id === model.catalogueId),
    usage: usage?.get(model.name),
  }));
}

/** Whether a price from the catalogue is one that its sources do not agree on. */
export const isDisputed = ({ price }: ModelRead) => price?.source.endsWith("(disputed)") ?? false;

function Marks({ model, entry }: ModelRow) {
  return (
    <span className="hidden items-center gap-2 text-xs text-warn sm:inline-flex">
      {isDisputed(model) && (
        <span className="inline-flex items-center gap-1" title="Two sources state different prices">
          <Scale aria-hidden="true" className="size-3.5" /> disputed
        </span>
      )}
      {entry?.retires && (
        <span className="inline-flex items-center gap-1" title={`Its vendor retires it on ${entry.retires}`}>
          <CalendarX aria-hidden="true" className="size-3.5" /> until {entry.retires}
        </span>
      )}
    </span>
  );
}

export const modelColumns: Column<ModelRow>[] = [
  {
    id: "name",
    header: "Name",
    cell: (row) => (
      <span className="inline-flex items-center gap-2">
        <Swatch model={row.model.name} />
        <span className="font-medium">{row.model.name}</span>
        <Marks {...row} />
      </span>
    ),
    priority: 1,
    fixed: true,
  },
  { id: "provider", header: "Provider", cell: ({ model }) => model.provider, priority: 3, width: "9rem" },
  {
    id: "input",
    header: "Input, 1 M",
    cell: ({ model: { price, provider } }) => (price ? priced(price.input) : provider === "hone" ? <span className="text-quiet">runs here</span> : <span className="text-warn">no price</span>),
    numeric: true,
    priority: 1,
    width: "6rem",
    phoneWidth: "5.5rem",
  },
  { id: "output", header: "Output, 1 M", cell: ({ model: { price } }) => (price ? priced(price.output) : DASH), numeric: true, priority: 1, width: "6rem", phoneWidth: "5.5rem" },
  { id: "context", header: "Context", cell: ({ model }) => orDash(model.contextTokens, count), numeric: true, priority: 4, width: "6rem" },
  { id: "requests", header: "Calls, 24 h", cell: ({ usage }) => count(usage?.requests ?? 0), numeric: true, width: "6rem" },
  {
    id: "errors",
    header: "Failed",
    cell: ({ usage }) =>
      usage ? <span className={cn(usage.errors > 0 && "font-medium text-bad")}>{percent(usage.errors / usage.requests)}</span> : DASH,
    numeric: true,
    width: "5rem",
  },
  { id: "p95", header: "p95", cell: ({ usage }) => orDash(usage?.p95Ms ?? null, duration), numeric: true, priority: 3, width: "5rem" },
  { id: "cost", header: "Cost, 24 h", cell: ({ usage }) => (usage ? usd(usage.costUsd) : DASH), numeric: true, width: "6.5rem" },
];
