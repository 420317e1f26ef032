import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";

import { PERIODS, USUAL_PERIOD, type Period } from "./routes";
import { countedBy } from "./words";

import { pointsQuery, type Monitor } from "@/api/watch";
import { Failure } from "@/components/failure";
import { MeasuredChart } from "@/components/measured/measured-chart";
import { Segmented } from "@/components/ui/segmented";
import { Select } from "@/components/ui/select";
import { Skeleton } from "@/components/ui/skeleton";
import { paths } from "@/lib/paths";
import { compact } from "@/lib/url-state";
import { useNow } from "@/lib/use-now";
import { isShareOf, levelOf, measuredBy, readsAs } from "@/lib/watched";

const HOUR = 3_600_000;
const MINUTE = 60_000;
const lengths: Record<Period, number> = { "6h": 6 * HOUR, "24h": 24 * HOUR, "7d": 168 * HOUR, "30d": 720 * HOUR };

/** How it went: what was measured over a period, of all or of one model or route. */
export function CourseSection({ of: monitor }: { of: Monitor }) {
  const { period = USUAL_PERIOD, slice = "" } = useSearch({ from: "/signed-in/monitors/$monitorId" });
  const navigate = useNavigate({ from: paths.monitor });
  const go = (change: Record<string, string | undefined>) => void navigate({ search: (now) => compact({ ...now, ...change }), replace: true });
  // Whole minutes: a new end of the axis is a new question.
  const now = Math.floor(useNow(MINUTE) / MINUTE) * MINUTE;
  const { data, error, refetch } = useQuery({ ...pointsQuery(monitor.id, now - lengths[period]), placeholderData: keepPreviousData });
  const { slices, shown } = sliced(data?.items ?? [], slice);
  return (
    <section aria-labelledby="course" className="min-w-0">
      <header className="mb-2 flex flex-wrap items-center gap-3">
        <h2 id="course" className="mr-auto text-base font-semibold">
          How it went
        </h2>
        {slices.length > 1 && <Select aria-label="Of" value={shown} options={slices.map((value) => ({ value, label: sliceWords(monitor, value) }))} onChange={(value) => go({ slice: value || undefined })} className="w-52" />}
        <Segmented<Period> label="Period" value={period} options={PERIODS.map((value) => ({ value, label: value }))} onChange={(value) => go({ period: value })} />
      </header>
      {error && <Failure title={data ? "What was measured could not be brought up to date" : "What was measured could not be loaded"} error={error} onRetry={() => void refetch()} className="mb-3" />}
      {data ? <Drawn of={monitor} points={data.items.filter((each) => each.slice === shown)} /> : !error && <Skeleton className="h-72" />}
    </section>
  );
}

/** Of drift a slice is what it is compared with. */
function sliceWords({ kind }: Monitor, slice: string): string {
  if (kind === "drift") return slice === "" ? "against its first days" : "against its training";
  return slice === "" ? "all together" : slice;
}

/** The models or routes that were looked at apart, and the one that is shown. */
function sliced(points: readonly { slice: string }[], wanted: string): { slices: string[]; shown: string } {
  const slices = [...new Set(points.map(({ slice }) => slice))];
  return { slices, shown: slices.includes(wanted) ? wanted : (slices[0] ?? "") };
}

type Points = Parameters<typeof MeasuredChart>[0]["points"];

function Drawn({ of: monitor, points }: { of: Monitor; points: readonly (Omit<Points[number], "at"> & { at: string })[] }) {
  if (points.length === 0) return <p className="text-quiet">Nothing was measured in that time.</p>;
  const level = levelOf(monitor);
  return (
    <MeasuredChart
      title={measuredBy(monitor)}
      points={points.map((each) => ({ ...each, at: Date.parse(each.at) }))}
      format={readsAs(monitor)}
      share={isShareOf(monitor)}
      counted={countedBy(monitor)}
      levels={level === null ? [] : [level]}
      height={240}
    />
  );
}
