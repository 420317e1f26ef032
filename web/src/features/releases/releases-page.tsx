import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Rocket } from "lucide-react";

import { columns } from "./columns";
import { useReleases } from "./queries";
import { STATES } from "./routes";
import { answerOf, states } from "./words";

import { useMay } from "@/api/me";
import { ColumnChoice } from "@/components/data-table/column-choice";
import { chosen, useRememberedColumns } from "@/components/data-table/columns";
import { DataTable } from "@/components/data-table/data-table";
import { EmptyState } from "@/components/empty-state";
import type { Field } from "@/components/filter-bar/fields";
import { FilterBar } from "@/components/filter-bar/filter-bar";
import { PageHead } from "@/components/page-head";
import { Permitted } from "@/components/permitted";
import { Button } from "@/components/ui/button";
import { primaryLink } from "@/components/ui/looks";
import { paths } from "@/lib/paths";

const fields: Field[] = [
  { kind: "choice", id: "state", label: "State", options: STATES.map((value) => ({ value, label: states[value].toLowerCase() })) },
  { kind: "text", id: "name", label: "Model", example: "ticket-classifier" },
];

const one = (value: string | undefined): string[] => (value === undefined ? [] : [value]);

/** Versions on their way to everybody: how far they are, why they wait, and what went back by itself. */
export default function ReleasesPage() {
  const { state, name } = useSearch({ from: "/signed-in/releases" });
  const navigate = useNavigate({ from: paths.releases });
  const go = (change: Record<string, unknown>) => void navigate({ search: (now) => ({ ...now, ...change }), replace: true });
  const [ids, choose] = useRememberedColumns("releases", columns);
  const list = useReleases(state, name);
  const filtered = state !== undefined || name !== undefined;
  const clear = () => go({ state: undefined, name: undefined });
  return (
    <>
      <PageHead title="Releases" action={<NewRelease />}>
        <span role="status" className="block max-sm:min-h-10">
          {(!filtered && answerOf(list.rows ?? [])) || "Versions on their way to everybody: how far they are, and why they wait."}
        </span>
      </PageHead>
      <div className="flex flex-wrap items-start justify-between gap-2">
        <FilterBar fields={fields} chosen={{ state: one(state), name: one(name) }} onChange={(field, values) => go({ [field]: values.at(-1) })} onClear={clear} />
        <span className="max-md:hidden">
          <ColumnChoice columns={columns} shown={ids} onChange={choose} />
        </span>
      </div>
      <div className="mt-4">
        <DataTable
          what="releases"
          columns={chosen(columns, ids)}
          getKey={({ id }) => id}
          getHref={({ id }) => `${paths.releases}/${id}`}
          onOpen={({ id }) => void navigate({ to: paths.release, params: { releaseId: id } })}
          {...list}
          empty={filtered ? <NoneFound onClear={clear} /> : <None />}
        />
      </div>
    </>
  );
}

function NewRelease() {
  return (
    <Permitted to="releases:write">
      <Link to={paths.newRelease} className={primaryLink}>
        <Rocket aria-hidden="true" className="size-4" /> Release a version
      </Link>
    </Permitted>
  );
}

function NoneFound({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState title="No release matches" action={<Button onClick={onClear}>Clear the filters</Button>}>
      <p>Releases of every other state and model are listed without them.</p>
    </EmptyState>
  );
}

const SNIPPET = (origin: string) => `curl ${origin}/api/releases \\
  -H "Authorization: Bearer $HONE_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{
    "name": "ticket-classifier",
    "version": "1.3.0",
    "strategy": "canary",
    "share": 0.1,
    "reason": "better on refunds"
  }'`;

function None() {
  const may = useMay("releases:write");
  return (
    <EmptyState title="Bring a version to everybody, safely" {...(may && { action: <NewRelease /> })} snippet={{ title: "curl", code: SNIPPET(window.location.origin) }}>
      <p>A version that did well on its test can still do worse on today’s calls. A release gives it a part of them first, watches errors, speed and judgements beside the version that is live, and goes on only while nothing got worse.</p>
      <p>When something did, it goes back by itself within seconds, and says why.</p>
    </EmptyState>
  );
}
