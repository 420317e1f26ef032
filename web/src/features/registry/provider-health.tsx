import { Link } from "@tanstack/react-router";
import { Fragment } from "react";

import { useHealth, type ModelHealth, type ProviderHealth as Health } from "./health";
import { StateBadge, StatusBadge } from "./health-badge";
import { circuitWords } from "./health-words";

import type { ProviderRead } from "@/api/schema.gen";
import { Failure } from "@/components/failure";
import { Skeleton } from "@/components/ui/skeleton";
import { Cell, Head, Row, Table } from "@/components/ui/table";
import { When } from "@/components/when";
import { count, DASH, duration, orDash, percent } from "@/lib/format";
import { useNow } from "@/lib/use-now";

const failed = ({ attempts, errorRate }: ModelHealth | Health) => (attempts === 0 ? DASH : percent(errorRate));

/** How a provider and its models did in the last hour, and whether they are asked now. */
export function ProviderHealth({ provider }: { provider: ProviderRead }) {
  const { data, error, refetch, isPending, fetchStatus } = useHealth();
  if (isPending && fetchStatus === "idle") return null;
  const found = data?.items.find(({ id }) => id === provider.id);
  return (
    <section aria-labelledby="health" className="space-y-4">
      <h2 id="health" className="flex flex-wrap items-baseline gap-x-3 text-base font-semibold">
        Health <span className="text-sm font-normal text-quiet">of the last hour</span>
      </h2>
      {found ? (
        <>
          <Figures health={found} />
          {found.models.length > 0 ? <Models models={found.models} /> : <p className="text-quiet">No model of it is known yet.</p>}
          <LastErrors health={found} />
        </>
      ) : error ? (
        <Failure title="Its health could not be loaded" error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton className="h-40" />
      )}
    </section>
  );
}

function Figures({ health }: { health: Health }) {
  const figures = [
    ["State", <StatusBadge key="state" status={health.status} />],
    ["Attempts", count(health.attempts)],
    ["Failed", failed(health)],
    ["Answer, p50", orDash(health.p50Ms, duration)],
    ["Answer, p95", orDash(health.p95Ms, duration)],
    ["First token, p50", orDash(health.ttftP50Ms, duration)],
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

function Models({ models }: { models: readonly ModelHealth[] }) {
  return (
    <Table>
      <thead>
        <tr>
          <Head>Model</Head>
          <Head>Circuit</Head>
          <Head numeric>Attempts</Head>
          <Head numeric>Failed</Head>
          <Head numeric className="hidden sm:table-cell">
            p50
          </Head>
          <Head numeric className="hidden sm:table-cell">
            p95
          </Head>
          <Head numeric className="hidden md:table-cell">
            First token
          </Head>
        </tr>
      </thead>
      <tbody>
        {models.map((model) => (
          <Fragment key={model.id}>
            <Row>
              <Cell className="w-full max-w-0">
                <Link to="/models/$modelId" params={{ modelId: model.id }} className="hit block truncate font-medium text-accent-ink underline underline-offset-4">
                  {model.name}
                </Link>
              </Cell>
              <Cell>
                <StateBadge circuit={model.circuit} />
              </Cell>
              <Cell numeric>{count(model.attempts)}</Cell>
              <Cell numeric>{failed(model)}</Cell>
              <Cell numeric className="hidden sm:table-cell">
                {orDash(model.p50Ms, duration)}
              </Cell>
              <Cell numeric className="hidden sm:table-cell">
                {orDash(model.p95Ms, duration)}
              </Cell>
              <Cell numeric className="hidden md:table-cell">
                {orDash(model.ttftP50Ms, duration)}
              </Cell>
            </Row>
            {model.circuit.state !== "closed" && <Meaning model={model} />}
          </Fragment>
        ))}
      </tbody>
    </Table>
  );
}

function Meaning({ model }: { model: ModelHealth }) {
  return (
    <tr>
      <td colSpan={7} className="pb-2 text-xs text-pretty text-quiet">
        {circuitWords(model.circuit, useNow())}
      </td>
    </tr>
  );
}

function LastErrors({ health: { lastErrors } }: { health: Health }) {
  if (lastErrors.length === 0) return <p className="text-sm text-quiet">No attempt failed in the last hour.</p>;
  return (
    <div>
      <h3 className="text-sm font-medium">Last errors</h3>
      <ul className="mt-1 divide-y divide-line border-y border-line text-sm">
        {lastErrors.map(({ operationId, at, model, code, status }) => (
          <li key={operationId + at} className="flex flex-wrap items-center gap-x-4 gap-y-0.5 py-2">
            <Link
              to="/operations/$operationId"
              params={{ operationId }}
              className="hit font-mono text-xs text-accent-ink underline underline-offset-4"
              aria-label={`${code} at ${model}: the operation`}
            >
              {code}
            </Link>
            <span className="text-quiet">{status === null ? "no answer" : `status ${status}`}</span>
            <span className="min-w-0 truncate">{model}</span>
            <span className="ml-auto text-xs text-quiet">
              <When at={at} />
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
