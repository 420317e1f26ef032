import { KeyRound } from "lucide-react";

import { vendorName } from "./vendors";

import type { ModelRead, ProviderRead, UsageRead } from "@/api/schema.gen";
import type { Column } from "@/components/data-table/columns";
import { cn } from "@/lib/cn";
import { count, DASH, duration, orDash, percent, usd } from "@/lib/format";

type Usage = UsageRead["items"][number];

export interface ProviderRow {
  provider: ProviderRead;
  models: number;
  requests: number;
  errors: number;
  costUsd: number;
  /** The slowest of its models. */
  p95Ms: number | null;
}

/** Each provider with what its models did. */
export function providerRows(
  providers: readonly ProviderRead[],
  models: readonly ModelRead[],
  usage: ReadonlyMap<string, Usage> | undefined,
): ProviderRow[] {
  return providers.map((provider) => {
    const own = models.filter((model) => model.provider === provider.name);
    const used = own.flatMap(({ name }) => usage?.get(name) ?? []);
    const slowest = Math.max(...used.map(({ p95Ms }) => p95Ms ?? 0));
    const sum = (of: (one: Usage) => number) => used.reduce((total, one) => total + of(one), 0);
    return {
      provider,
      models: own.length,
      requests: sum(({ requests }) => requests),
      errors: sum(({ errors }) => errors),
      costUsd: sum(({ costUsd }) => costUsd),
      p95Ms: slowest > 0 ? slowest : null,
    };
  });
}

export const providerColumns: Column<ProviderRow>[] = [
  {
    id: "name",
    header: "Name",
    cell: ({ provider }) => <span className="font-medium">{provider.name}</span>,
    priority: 1,
    fixed: true,
    width: "11rem",
  },
  { id: "kind", header: "Vendor", cell: ({ provider }) => vendorName(provider.kind), priority: 3, width: "9rem" },
  { id: "address", header: "Address", cell: ({ provider }) => <code className="font-mono text-xs">{provider.baseUrl}</code> },
  {
    id: "credential",
    header: "Credential",
    cell: ({ provider }) =>
      provider.hasCredential ? (
        <span className="inline-flex items-center gap-1.5">
          <KeyRound aria-hidden="true" className="size-3.5 text-quiet" /> Sealed
        </span>
      ) : (
        <span className="text-quiet">None</span>
      ),
    priority: 3,
    width: "7rem",
  },
  { id: "models", header: "Models", cell: ({ models }) => count(models), numeric: true, width: "5rem" },
  { id: "requests", header: "Calls, 1 h", cell: ({ requests }) => count(requests), numeric: true, width: "5.5rem", priority: 1, phoneWidth: "5.5rem" },
  {
    id: "errors",
    header: "Failed",
    cell: ({ requests, errors }) =>
      requests === 0 ? DASH : <span className={cn(errors > 0 && "font-medium text-bad")}>{percent(errors / requests)}</span>,
    numeric: true,
    width: "5rem",
    priority: 1,
    phoneWidth: "5rem",
  },
  { id: "p95", header: "p95", cell: ({ p95Ms }) => orDash(p95Ms, duration), numeric: true, width: "5rem" },
  { id: "cost", header: "Cost, 1 h", cell: ({ requests, costUsd }) => (requests === 0 ? DASH : usd(costUsd)), numeric: true, width: "6rem", priority: 4 },
];
