import { ChartColumn, Table2 } from "lucide-react";
import { useMemo, useState } from "react";


import { bins as cut, type Bin } from "./bins";
import { costPanel, latencyPanel, trafficPanel } from "./panels";
import { PictureTable } from "./picture-table";
import { describe } from "./readout";
import { spans } from "./windows";

import type { Overview } from "@/api/schema";
import { Timeline } from "@/components/timeline/timeline";
import { Button } from "@/components/ui/button";
import { clockTime, zoneName } from "@/lib/time";

/** Traffic, latency and cost over one time axis. */
export function Picture({ overview }: { overview: Overview }) {
  const [asTable, setAsTable] = useState(false);
  // The moment, not the position: new minutes move the bars under the cursor.
  const [moment, setMoment] = useState<number | null>(null);
  const bins = useMemo(() => cut(overview), [overview]);
  const { last, binName, bin } = spans[overview.window];
  const found = bins.findIndex(({ start }) => start === moment);
  const cursor = found < 0 ? null : found;
  const Icon = asTable ? ChartColumn : Table2;

  return (
    <section aria-labelledby="picture" className="min-w-0">
      <header className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 id="picture" className="text-base font-semibold first-letter:capitalize">
          {last.replace(/^the /, "")}
        </h2>
        <p className="order-last w-full text-xs text-quiet sm:order-none sm:w-auto">
          by {binName}
          {bin > 60_000 && ", latency of the worst minute"} · {zoneName()}
        </p>
        <Button look="quiet" className="-mr-2 ml-auto px-2" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          <Icon aria-hidden="true" /> {asTable ? "Show as chart" : "Show as table"}
        </Button>
      </header>
      {asTable ? (
        <PictureTable bins={bins} />
      ) : (
        <Timeline
          label={`Traffic, latency and cost in ${last}`}
          spans={bins}
          panels={[trafficPanel(bins), latencyPanel(bins), costPanel(bins, binName)]}
          describe={(index) => describeAt(bins, index)}
          cursor={cursor}
          onCursor={(index) => setMoment(index === null ? null : (bins[index]?.start ?? null))}
        />
      )}
    </section>
  );
}

function describeAt(bins: Bin[], index: number): string {
  const bin = bins[index];
  return bin ? `${clockTime(bin.start)}: ${describe(bin)}` : "";
}
