import { ShareBar, shareWords } from "./share-bar";

import type { RouteRead, UsageRead } from "@/api/schema.gen";
import type { Column } from "@/components/data-table/columns";
import { cn } from "@/lib/cn";
import { count, DASH, duration, orDash, percent, usd } from "@/lib/format";
import { age, fullTime } from "@/lib/time";

export interface RouteRow {
  route: RouteRead;
  /** Of the last 24 hours; undefined where nothing was called. */
  usage: UsageRead["items"][number] | undefined;
}

function partsOf({ targets }: RouteRead) {
  const total = targets.reduce((sum, { weight }) => sum + weight, 0);
  return targets.map(({ model, weight }) => ({ model, share: weight / total }));
}

function Shares({ route }: { route: RouteRead }) {
  const parts = partsOf(route);
  const words = shareWords(parts);
  return (
    <span className="flex items-center gap-3" title={words}>
      <span className="w-16 shrink-0">
        <ShareBar parts={parts} />
      </span>
      <span className="truncate">{words}</span>
    </span>
  );
}

function Failed({ usage }: { usage: RouteRow["usage"] }) {
  if (!usage || usage.requests === 0) return DASH;
  return <span className={cn(usage.errors > 0 && "font-medium text-bad")}>{percent(usage.errors / usage.requests)}</span>;
}

export const routeColumns: Column<RouteRow>[] = [
  {
    id: "name",
    header: "Name",
    cell: ({ route }) => <span className="font-medium">{route.name}</span>,
    priority: 1,
    fixed: true,
    width: "12rem",
  },
  { id: "targets", header: "Shares", cell: ({ route }) => <Shares route={route} /> },
  { id: "fallbacks", header: "Fallbacks", cell: ({ route }) => route.fallbacks.join(", ") || "None", priority: 3, width: "9rem" },
  { id: "requests", header: "Calls, 24 h", cell: ({ usage }) => count(usage?.requests ?? 0), numeric: true, width: "6rem", priority: 1, phoneWidth: "6rem" },
  { id: "errors", header: "Failed", cell: ({ usage }) => <Failed usage={usage} />, numeric: true, width: "5rem", priority: 1, phoneWidth: "5rem" },
  { id: "p95", header: "p95", cell: ({ usage }) => orDash(usage?.p95Ms ?? null, duration), numeric: true, width: "5rem" },
  { id: "cost", header: "Cost, 24 h", cell: ({ usage }) => (usage ? usd(usage.costUsd) : DASH), numeric: true, width: "6.5rem" },
  {
    id: "changed",
    header: "Changed",
    cell: ({ route: { updatedAt, version } }) => (
      <time dateTime={updatedAt} title={`Version ${version}, ${fullTime(updatedAt)}`}>
        {age(Date.now() - Date.parse(updatedAt))}
      </time>
    ),
    numeric: true,
    priority: 4,
    width: "7rem",
  },
];
