import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { subjectOf } from "./words";

import { openAlertsQuery, type Alert } from "@/api/watch";
import { SeverityMark } from "@/components/watched/severity-mark";
import { When } from "@/components/when";
import { paths } from "@/lib/paths";

const FEW = 3;

/** What is wrong now, at the head of the overview; nothing where nothing is. */
export function OpenAlerts() {
  const { data } = useQuery(openAlertsQuery);
  const alerts = data?.items.filter(({ severity }) => severity !== "info") ?? [];
  if (!data || alerts.length === 0) return null;
  const total = (data.open["critical"] ?? 0) + (data.open["warning"] ?? 0);
  return (
    <section aria-labelledby="open-alerts" className="rounded-md border border-line bg-surface px-4 pt-3 pb-1">
      <header className="flex items-baseline justify-between gap-4 pb-2">
        <h2 id="open-alerts" className="font-semibold">
          What wants to be looked at
        </h2>
        {total > FEW && (
          <Link to={paths.alerts} className="hit text-sm text-accent-ink underline underline-offset-4">
            all {total}
          </Link>
        )}
      </header>
      <ul>
        {alerts.slice(0, FEW).map((alert) => (
          <Line key={alert.id} of={alert} />
        ))}
      </ul>
    </section>
  );
}

function Line({ of: alert }: { of: Alert }) {
  return (
    <li className="flex min-h-9 items-center gap-x-3 border-t border-line py-1 pointer-coarse:min-h-11">
      <span className="w-20 shrink-0 max-sm:w-5">
        <SeverityMark severity={alert.severity} bare />
      </span>
      <Link to={paths.alert} params={{ alertId: alert.id }} className="hit min-w-0 truncate font-medium underline decoration-line underline-offset-4 hover:decoration-ink">
        {alert.title}
      </Link>
      <span className="min-w-0 truncate text-sm text-quiet max-md:hidden">{subjectOf(alert)}</span>
      <span className="ml-auto shrink-0 text-sm text-quiet">
        <When at={alert.openedAt} />
      </span>
    </li>
  );
}
