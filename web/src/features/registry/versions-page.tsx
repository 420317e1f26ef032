import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { useState } from "react";

import { routeFieldName } from "./field-names";
import { versionsQuery } from "./queries";
import { useRouteCommands } from "./use-route-commands";
import { VersionList } from "./version-list";

import { useMay } from "@/api/me";
import type { VersionRead } from "@/api/schema.gen";
import { Confirm } from "@/components/confirm";
import { Diff } from "@/components/diff/diff";
import { Failure } from "@/components/failure";
import { Select } from "@/components/ui/select";
import { Skeleton } from "@/components/ui/skeleton";
import { paths } from "@/lib/paths";

/** What a route was, who changed it, and the way back. */
export default function VersionsPage() {
  const { routeId = "" } = useParams({ strict: false });
  const { data, error, refetch } = useQuery(versionsQuery(routeId));
  const name = data?.items[0]?.state["name"];
  return (
    <div className="space-y-6">
      <title>{`Versions of ${typeof name === "string" ? name : "a route"} · Hone`}</title>
      <header>
        <p className="flex items-center gap-1 text-sm text-quiet">
          <Link to={paths.routes} className="hit rounded-sm hover:text-ink hover:underline">
            Routes
          </Link>
          <ChevronRight aria-hidden="true" className="size-3.5" />
          <Link to="/routes/$routeId" params={{ routeId }} className="hit rounded-sm hover:text-ink hover:underline">
            {typeof name === "string" ? name : "Route"}
          </Link>
          <ChevronRight aria-hidden="true" className="size-3.5" />
        </p>
        <h1 className="text-title font-semibold tracking-tight">Versions</h1>
      </header>
      {data ? (
        <Versions routeId={routeId} versions={data.items} />
      ) : error ? (
        <Failure title="The versions could not be loaded" error={error} onRetry={() => void refetch()} />
      ) : (
        <div role="status" aria-label="Loading the versions" className="space-y-3">
          <Skeleton className="h-10" />
          <Skeleton className="h-40" />
        </div>
      )}
    </div>
  );
}

function Versions({ routeId, versions }: { routeId: string; versions: readonly VersionRead[] }) {
  const navigate = useNavigate();
  const search: { from?: number; to?: number } = useSearch({ strict: false });
  const mayWrite = useMay("routes:write");
  const { restore } = useRouteCommands();
  const [asked, setAsked] = useState<VersionRead | null>(null);
  const newest = versions[0];
  if (!newest) return null;
  const to = versions.find(({ version }) => version === search.to) ?? newest;
  const from = versions.find(({ version }) => version === search.from) ?? versions[versions.indexOf(to) + 1] ?? to;
  const compare = (change: { from?: number; to?: number }) =>
    void navigate({ to: "/routes/$routeId/versions", params: { routeId }, search: { from: from.version, to: to.version, ...change }, replace: true });
  const options = versions.map(({ version, present }) => ({ value: String(version), label: `Version ${version}${present ? " (now)" : ""}` }));

  return (
    <div className="grid gap-x-12 gap-y-8 xl:grid-cols-[minmax(0,1fr)_30rem]">
      <VersionList
        versions={versions}
        {...(mayWrite && { onRestore: setAsked })}
        onCompare={({ version }) => compare({ from: version, to: newest.version })}
      />
      <section aria-label="Comparison" className="min-w-0 space-y-3 xl:sticky xl:top-8 xl:self-start">
        <div className="flex items-center gap-2">
          <Select className="flex-1" aria-label="Compare version" value={String(from.version)} options={options} onChange={(value) => compare({ from: Number(value) })} />
          <span className="text-quiet">with</span>
          <Select className="flex-1" aria-label="With version" value={String(to.version)} options={options} onChange={(value) => compare({ to: Number(value) })} />
        </div>
        <Diff
          name={routeFieldName}
          label={`Version ${from.version} against version ${to.version}`}
          before={from.state}
          after={to.state}
          heads={{ before: `Version ${from.version}`, after: `Version ${to.version}` }}
        />
      </section>
      {asked && (
        <Confirm
          title={`Restore version ${asked.version}?`}
          action={`Restore version ${asked.version}`}
          doing="Restoring…"
          undoable
          onConfirm={async () => {
            await restore.mutateAsync({ id: routeId, number: asked.version, version: newest.version });
            setAsked(null);
          }}
          onClose={() => setAsked(null)}
        >
          <p>It becomes version {newest.version + 1} and counts for the next call. Nothing of the history is lost.</p>
          <Diff name={routeFieldName} label="What restoring changes" before={newest.state} after={asked.state} heads={{ before: "Now", after: "After restoring" }} />
        </Confirm>
      )}
    </div>
  );
}
