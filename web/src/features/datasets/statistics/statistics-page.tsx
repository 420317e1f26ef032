import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { Bars, type Bar } from "../bars";
import { Label } from "../content";
import { useDataset } from "../dataset-context";
import { statisticsQuery, useChecks } from "../queries";
import { FINDING_KINDS, SOURCES, STATUSES } from "../routes";
import type { StatisticsRead } from "../shapes";
import { byCount, findingKinds, hasLabels, sources, statuses } from "../words";

import { Histogram } from "./histogram";
import { answerOf } from "./words";

import { Failure } from "@/components/failure";
import { Skeleton } from "@/components/ui/skeleton";
import { category } from "@/lib/category";
import { plural } from "@/lib/format";
import { paths } from "@/lib/paths";

/** What the data is like: labels, quality, sources, and what was found. */
export default function StatisticsPage() {
  const { id, name } = useDataset();
  const { data, error, refetch } = useQuery(statisticsQuery(id));
  return (
    <>
      <title>{`${name} · Statistics · Hone`}</title>
      {error && !data && <Failure title="The statistics could not be loaded" error={error} onRetry={() => void refetch()} />}
      {data ? <Statistics of={data} /> : !error && <Waiting />}
    </>
  );
}

function Statistics({ of: statistics }: { of: StatisticsRead }) {
  const { id, kind } = useDataset();
  const { data: check } = useChecks(id);
  const { total, byStatus, bySource, byLabel, qualityHistogram, findings, merged } = statistics;
  const listed = (search: Record<string, unknown>) => ({ path: paths.dataset, search, datasetId: id });
  const labels: Bar[] = byCount(byLabel).map(([label, value]) => ({ name: label, label: <Label name={label} />, value, color: category(label), to: listed({ label }) }));
  const states: Bar[] = STATUSES.map((status) => ({ name: status, label: statuses[status], value: byStatus[status] ?? 0, to: listed({ status }) }));
  const origins: Bar[] = SOURCES.map((source) => ({ name: source, label: sources[source], value: bySource[source] ?? 0, to: listed({ source }) }));
  const found: Bar[] = FINDING_KINDS.map((each) => ({ name: each, label: findingKinds[each], value: findings[each] ?? 0, to: { path: paths.datasetFindings, search: { kind: each }, datasetId: id } }));
  const open = found.reduce((sum, { value }) => sum + value, 0);
  return (
    <>
      <p className="max-w-[72ch] text-pretty">{answerOf(statistics)}</p>
      <div className="mt-6 grid gap-x-12 gap-y-10 lg:grid-cols-2">
        {hasLabels(kind) && (
          <Part title={plural(labels.length, "label")} help="Without what was rejected. A press shows the examples.">
            <Bars title="Examples by label" bars={labels} total={total - (byStatus.rejected ?? 0)} />
          </Part>
        )}
        <div className="space-y-10">
          <Part title="Quality" help="From 0 to 100 %, by where an example came from and what is wrong with it.">
            <Histogram of={qualityHistogram} />
          </Part>
          <Part title="State">
            <Bars title="Examples by state" bars={states} total={total} />
          </Part>
          <Part title="Where they came from">
            <Bars title="Examples by source" bars={origins} total={total} />
          </Part>
          <Part title="Open findings" help={[check === null && "No checks have run yet; they are started on the page of findings.", merged > 0 && came(merged)].filter(Boolean).join(" ") || undefined}>
            <Bars title="Open findings by kind" bars={found} total={open} />
          </Part>
        </div>
      </div>
    </>
  );
}

const came = (merged: number) => `Besides, ${plural(merged, "example")} came again word for word and ${merged === 1 ? "was" : "were"} not kept twice.`;

function Part({ title, help, children }: { title: string; help?: string | undefined; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h2 className="text-lg font-semibold">{title}</h2>
      {help && <p className="text-sm text-quiet">{help}</p>}
      <div className="mt-2">{children}</div>
    </section>
  );
}

function Waiting() {
  return (
    <div role="status" aria-label="Loading the statistics" className="grid gap-12 lg:grid-cols-2">
      <Skeleton className="h-96" />
      <Skeleton className="h-96" />
    </div>
  );
}
