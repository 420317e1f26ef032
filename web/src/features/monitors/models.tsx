import { useQuery } from "@tanstack/react-query";

import { usePolling } from "@/api/live";
import { statisticsQuery, type Estimate, type ModelStanding, type Quality } from "@/api/watch";
import { Failure } from "@/components/failure";
import { Cell, Head, Row, Table } from "@/components/ui/table";
import { QualityMark } from "@/components/watched/quality-mark";
import { category } from "@/lib/category";
import { count, DASH, duration, orDash, percentInterval } from "@/lib/format";
import { formatShare } from "@/lib/watched";

/** The worst first: it is what one looks for. */
const RANK: Record<Quality, number> = { critical: 0, degraded: 1, good: 2, excellent: 3, unknown: 4 };

/** How good each model is, in a word, with the figures that say so and how sure they are. */
export function Models() {
  const polling = usePolling();
  const { data, error, refetch } = useQuery({ ...statisticsQuery, refetchInterval: polling === false ? false : 6 * polling });
  if (error) return <Failure title="How the models are could not be loaded" error={error} onRetry={() => void refetch()} />;
  if (!data || data.models.length === 0) return null;
  const models = [...data.models].sort((a, b) => RANK[a.status.status] - RANK[b.status.status] || b.requests - a.requests);
  return (
    <section aria-labelledby="models">
      <h2 id="models" className="mb-2 text-base font-semibold">
        Models
      </h2>
      <div role="region" aria-label="Models, as they are" tabIndex={0} className="overflow-x-auto">
        <Table>
          <thead>
            <tr>
              <Head>Model</Head>
              <Head>It is</Head>
              <Head className="max-lg:hidden">Because</Head>
              <Head numeric>Accuracy</Head>
              <Head numeric>Failed</Head>
              <Head numeric className="max-sm:hidden">
                p95
              </Head>
              <Head numeric className="max-sm:hidden">
                Requests
              </Head>
            </tr>
          </thead>
          <tbody>
            {models.map((model) => (
              <Line key={model.modelId} of={model} />
            ))}
          </tbody>
        </Table>
      </div>
    </section>
  );
}

function Line({ of: { modelId, status, accuracy, errorRate, p95Ms, requests } }: { of: ModelStanding }) {
  return (
    <Row>
      <Cell className="max-w-48">
        <span className="flex min-w-0 items-center gap-2">
          <span aria-hidden="true" className="size-2 shrink-0 rounded-full" style={{ backgroundColor: category(modelId) }} />
          <span className="truncate font-medium">{modelId}</span>
        </span>
      </Cell>
      <Cell>
        <QualityMark quality={status.status} />
      </Cell>
      <Cell className="max-w-96 truncate text-quiet max-lg:hidden" title={status.words}>
        {status.words.replace(/^\w+: /, "")}
      </Cell>
      <Share of={accuracy} />
      <Share of={errorRate} />
      <Cell numeric className="max-sm:hidden">
        {orDash(p95Ms, duration)}
      </Cell>
      <Cell numeric className="max-sm:hidden">
        {count(requests)}
      </Cell>
    </Row>
  );
}

/** A share, with where it may really be on hover and in the room that a wide screen has. */
function Share({ of: { value, low, high } }: { of: Estimate }) {
  const interval = low === null || high === null ? "" : percentInterval(low, high);
  return (
    <Cell numeric {...(interval !== "" && { title: `95 %: ${interval}` })}>
      {value === null ? DASH : formatShare(value)}
      {interval !== "" && <span className="ml-1.5 text-xs text-quiet max-xl:hidden">{interval}</span>}
    </Cell>
  );
}
