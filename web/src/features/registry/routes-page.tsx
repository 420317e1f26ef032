import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Plus } from "lucide-react";

import { routesQuery } from "./queries";
import { routeColumns, type RouteRow } from "./route-columns";
import { useUsage } from "./usage";
import { routeYaml } from "./yaml";

import { DataTable } from "@/components/data-table/data-table";
import { EmptyState } from "@/components/empty-state";
import { SearchField } from "@/components/filter-bar/search-field";
import { PageHead } from "@/components/page-head";
import { Permitted } from "@/components/permitted";
import { primaryLink } from "@/components/ui/looks";
import { plural, percent } from "@/lib/format";
import { paths } from "@/lib/paths";

/** The names that clients call, and what answers them. */
export default function RoutesPage() {
  const navigate = useNavigate();
  const { q = "" }: { q?: string } = useSearch({ strict: false });
  const { data, error, refetch } = useQuery(routesQuery);
  const usage = useUsage("route");
  const rows = data?.items
    .filter(({ name }) => name.toLowerCase().includes(q.toLowerCase()))
    .map((route): RouteRow => ({ route, usage: usage?.get(route.name) }));

  return (
    <div className="space-y-6">
      <PageHead title="Routes" action={<AddRoute />}>
        <span className="block min-h-5">{data && answer(data.items.map(({ name }) => name), usage)}</span>
      </PageHead>
      {data && data.items.length > 5 && (
        <SearchField
          label="Search routes"
          value={q}
          onChange={(next) => void navigate({ to: paths.routes, search: next === "" ? {} : { q: next }, replace: true })}
        />
      )}
      <DataTable
        what="routes"
        columns={routeColumns}
        rows={rows}
        getKey={({ route }) => route.id}
        getHref={({ route }) => `${paths.routes}/${route.id}`}
        onOpen={({ route }) => void navigate({ to: "/routes/$routeId", params: { routeId: route.id } })}
        error={error}
        onRetry={() => void refetch()}
        empty={q === "" ? <FirstRoute /> : <p className="text-quiet">No route is called so.</p>}
      />
    </div>
  );
}


/** What the routes did in the last day, in a sentence. */
function answer(names: string[], usage: ReturnType<typeof useUsage>): string | null {
  if (!usage || names.length === 0) return null;
  const known = names.flatMap((name) => usage.get(name) ?? []);
  const requests = known.reduce((sum, each) => sum + each.requests, 0);
  const worst = known.filter(({ errors }) => errors > 0).sort((a, b) => b.errors / b.requests - a.errors / a.requests)[0];
  if (requests === 0) return "No calls in the last 24 hours.";
  const calls = `${plural(requests, "call")} in the last 24 hours`;
  return worst ? `${calls}; ${worst.name} failed most, ${percent(worst.errors / worst.requests)}.` : `${calls}, none failed.`;
}

function AddRoute() {
  return (
    <Permitted to="routes:write">
      <Link to="/routes/new" className={primaryLink}>
        <Plus aria-hidden="true" className="size-4" /> Add a route
      </Link>
    </Permitted>
  );
}

function FirstRoute() {
  const targets = [
    { model: "large", weight: 0.2 },
    { model: "small", weight: 0.8 },
  ];
  return (
    <EmptyState
      title="Add the first route"
      snippet={{ title: "hone apply hone.yaml", code: routeYaml({ name: "assistant", policy: "weighted", targets, fallbacks: ["spare"], deadlines: {}, regions: [] }) }}
      action={<AddRoute />}
    >
      <p>
        A route is a name that your applications call instead of a model. Behind it you share calls among models, say what answers when one
        fails, and change all of that without touching an application.
      </p>
      <p>Each change is a version: it counts within a second, and is undone with one press.</p>
    </EmptyState>
  );
}
