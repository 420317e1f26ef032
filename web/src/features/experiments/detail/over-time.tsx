import { ChartLine, Table2 } from "lucide-react";
import { useState } from "react";

import { bandsOf, chartedOf } from "../over-time";

import type { Experiment, Results } from "@/api/experiments";
import { IntervalChart } from "@/components/intervals/interval-chart";
import { IntervalTable } from "@/components/intervals/interval-table";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/select";
import { outcomeChange, outcomeInWords, outcomeName } from "@/lib/outcomes";
import { zoneName } from "@/lib/time";

/** How the difference was known better and better. */
export function OverTime({ experiment, results }: { experiment: Experiment; results: Results }) {
  const metrics = chartedOf(experiment, results);
  const [chosen, choose] = useState<string | null>(null);
  const [asTable, setAsTable] = useState(false);
  const [cursor, setCursor] = useState<number | null>(null);
  const metric = chosen ?? metrics[0];
  if (metric === undefined) return null;
  const bands = bandsOf(experiment, results, metric);
  const format = (value: number) => outcomeChange(metric, value);
  const Icon = asTable ? ChartLine : Table2;
  return (
    <section aria-labelledby="over-time" className="min-w-0">
      <header className="mb-2 flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 id="over-time" className="text-lg font-semibold">
          The difference over time
        </h2>
        {metrics.length > 1 && <Select className="w-48" aria-label="Measure" value={metric} options={metrics.map((each) => ({ value: each, label: outcomeName(each) }))} onChange={choose} />}
        <Button look="quiet" className="-mr-2 ml-auto px-2" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          <Icon aria-hidden="true" /> {asTable ? "Show as chart" : "Show as table"}
        </Button>
      </header>
      {asTable ? <IntervalTable bands={bands} format={format} /> : <IntervalChart label={`The difference of ${outcomeInWords(metric)} over time`} bands={bands} format={format} tick={(value) => format(value).replace(" points", "")} cursor={cursor} onCursor={setCursor} />}
      <p className="mt-1 text-xs text-pretty text-quiet">
        {format(1).endsWith("points") && "In points of 100. "}The band is where the true difference lies; it narrows as more take part. Times in {zoneName()}.
      </p>
    </section>
  );
}
