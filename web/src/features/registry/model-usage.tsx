import { useUsage } from "./usage";

import type { ModelRead } from "@/api/schema.gen";
import { count, DASH, duration, orDash, percent, usd } from "@/lib/format";

const tokens = (limit: number | null) => (limit === null ? "unknown" : `${count(limit)} tokens`);

/** What a model did in the last day. */
export function ModelUsage({ model }: { model: ModelRead }) {
  const usage = useUsage("model")?.get(model.name);
  const figures = [
    ["Calls, 24 h", count(usage?.requests ?? 0)],
    ["Failed", usage ? percent(usage.errors / usage.requests) : DASH],
    ["Latency, p95", orDash(usage?.p95Ms ?? null, duration)],
    ["Cost, 24 h", usd(usage?.costUsd ?? 0)],
    ["Context", tokens(model.contextTokens)],
    ["Longest answer", tokens(model.outputTokens)],
  ] as const;
  return (
    <dl className="grid grid-cols-2 gap-4 sm:grid-cols-3 lg:grid-cols-6">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt className="text-xs font-medium text-quiet">{name}</dt>
          <dd className="mt-1 text-lg font-semibold tracking-tight">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
