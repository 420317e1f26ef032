import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { numbersOf, operationsOf } from "./words";

import { useMay } from "@/api/me";
import { monitorQuery, pointsQuery, type Alert, type Monitor } from "@/api/watch";
import { Facts } from "@/components/facts";
import { Failure } from "@/components/failure";
import { MeasuredChart } from "@/components/measured/measured-chart";
import { Skeleton } from "@/components/ui/skeleton";
import { plural } from "@/lib/format";
import { paths } from "@/lib/paths";
import { isShareOf, levelOf, measuredBy, readsAs, thresholdReadsAs, watchedAs } from "@/lib/watched";

const HOUR = 3_600_000;
/** So long before it opened is shown, so that one sees what was usual. */
const BEFORE = 6 * HOUR;

/** What shows it: the course with the moment, the numbers, and the calls that moved it. */
export function Moved({ of: alert, heading }: { of: Alert; heading: "h2" | "h3" }) {
  const { data: monitor } = useQuery({ ...monitorQuery(alert.monitor ?? ""), enabled: alert.monitor !== null });
  const watched = monitor ?? watchedAs(alert.kind);
  const numbers = numbersOf(alert, { value: readsAs(watched), threshold: watched.kind === "objective" ? readsAs(watched) : thresholdReadsAs(watched) });
  return (
    <section aria-label="What shows it" className="space-y-6">
      {monitor && <Course of={alert} monitor={monitor} />}
      {numbers.length > 0 && <Facts facts={Object.fromEntries(numbers.map(({ name, value }) => [name, value]))} />}
      <Calls of={alert} heading={heading} />
    </section>
  );
}

function Course({ of: alert, monitor }: { of: Alert; monitor: Monitor }) {
  const opened = Date.parse(alert.openedAt);
  const until = alert.resolvedAt === null ? undefined : Date.parse(alert.resolvedAt) + HOUR;
  const { data, error, refetch } = useQuery(pointsQuery(monitor.id, opened - BEFORE, until));
  const format = readsAs(monitor);
  const slice = sliceOf(alert);
  const level = levelOf(monitor);
  if (error) return <Failure title="What was measured could not be loaded" error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton className="h-64" />;
  const points = data.items.filter((each) => each.slice === slice).map((each) => ({ ...each, at: Date.parse(each.at) }));
  if (points.length < 2) return null;
  return (
    <MeasuredChart
      title={measuredBy(monitor)}
      points={points}
      format={format}
      share={isShareOf(monitor)}
      levels={level ? [level] : []}
      moments={[{ at: opened, name: "opened" }, ...(alert.resolvedAt === null ? [] : [{ at: Date.parse(alert.resolvedAt), name: "resolved" }])]}
    />
  );
}

function sliceOf({ evidence }: Alert): string {
  const told = evidence["slice"];
  return typeof told === "string" ? told : "";
}

const FEW = 8;

/** The calls that moved it, each with its page. */
function Calls({ of: alert, heading: Heading }: { of: Alert; heading: "h2" | "h3" }) {
  const may = useMay("operations:read");
  const ids = operationsOf(alert);
  if (ids.length === 0 || !may) return null;
  return (
    <section aria-labelledby="calls">
      <Heading id="calls" className="font-semibold">
        The calls that moved it
      </Heading>
      <ul className="mt-2 grid gap-x-6 text-sm sm:grid-cols-2">
        {ids.slice(0, FEW).map((id) => (
          <li key={id} className="flex min-h-9 items-center border-t border-line">
            <Link to={paths.operation} params={{ operationId: id }} className="hit truncate font-mono text-xs text-accent-ink underline underline-offset-4">
              {id}
            </Link>
          </li>
        ))}
      </ul>
      {ids.length > FEW && <p className="mt-2 text-xs text-quiet">and {plural(ids.length - FEW, "other")}</p>}
    </section>
  );
}
