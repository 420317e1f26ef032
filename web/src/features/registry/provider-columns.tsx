import { KeyRound } from "lucide-react";

import type { ProviderHealth } from "./health";
import { StatusBadge } from "./health-badge";
import { vendorName } from "./vendors";

import type { ModelRead, ProviderRead, UsageRead } from "@/api/schema.gen";
import type { Column } from "@/components/data-table/columns";
import { cn } from "@/lib/cn";
import { count, DASH, duration, orDash, percent, usd } from "@/lib/format";

type Usage = UsageRead["items"][number];

export interface ProviderRow {
  provider: ProviderRead;
  models: number;
  costUsd: number;
  /** Undefined until it is known, or for those who may not see it. */
  health: ProviderHealth | undefined;
}

/** Each provider with how it is, and what its models cost. */
export function providerRows(
  providers: readonly ProviderRead[],
  models: readonly ModelRead[],
  usage: ReadonlyMap<string, Usage> | undefined,
  health: readonly ProviderHealth[] | undefined,
): ProviderRow[] {
  return providers.map((provider) => {
    const own = models.filter((model) => model.provider === provider.name);
    const used = own.flatMap(({ name }) => usage?.get(name) ?? []);
    return {
      provider,
      models: own.length,
      costUsd: used.reduce((total, { costUsd }) => total + costUsd, 0),
      health: health?.find(({ id }) => id === provider.id),
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
    width: "10rem",
  },
  {
    id: "status",
    header: "State",
    cell: ({ health }) => (health ? <StatusBadge status={health.status} /> : DASH),
    priority: 1,
    width: "7rem",
    phoneWidth: "7rem",
  },
  { id: "kind", header: "Vendor", cell: ({ provider }) => vendorName(provider.kind), priority: 3, width: "7rem" },
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
  { id: "attempts", header: "Attempts, 1 h", cell: ({ health }) => count(health?.attempts ?? 0), numeric: true, width: "6.5rem" },
  {
    id: "errors",
    header: "Failed",
    cell: ({ health }) =>
      !health || health.attempts === 0 ? DASH : <span className={cn(health.failed > 0 && "font-medium text-bad")}>{percent(health.errorRate)}</span>,
    numeric: true,
    width: "5rem",
    priority: 1,
    phoneWidth: "5rem",
  },
  { id: "p95", header: "p95", cell: ({ health }) => orDash(health?.p95Ms ?? null, duration), numeric: true, width: "5rem" },
  { id: "cost", header: "Cost, 1 h", cell: ({ costUsd }) => (costUsd === 0 ? DASH : usd(costUsd)), numeric: true, width: "6rem", priority: 4 },
];
