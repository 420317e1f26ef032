import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";

import { ChainStatus } from "./chain-status";
import { columns } from "./columns";
import { EventPanel } from "./event-panel";
import { chosenOf, fields, withFilter } from "./fields";
import { facetsQuery, parameters, rangeOf, useEvents } from "./queries";
import type { AuditSearch } from "./routes";
import { told } from "./words";

import { signed } from "@/api/client";
import { refusal } from "@/api/errors";
import type { EventRead } from "@/api/schema.gen";
import { DataTable } from "@/components/data-table/data-table";
import { EmptyState } from "@/components/empty-state";
import { ExportMenu } from "@/components/export-menu";
import { FilterBar } from "@/components/filter-bar/filter-bar";
import { TimeRange } from "@/components/filter-bar/time-range";
import { PageHead } from "@/components/page-head";
import { Button } from "@/components/ui/button";
import { paths } from "@/lib/paths";
import { without } from "@/lib/url-state";

/** Who changed what, and whether the trail of it is whole. */
export default function AuditPage() {
  const search = useSearch({ from: "/signed-in/settings/audit" });
  const navigate = useNavigate();
  const show = (next: AuditSearch) => void navigate({ to: paths.audit, search: next, replace: true });
  const found = useEvents(search);

  return (
    <>
      <PageHead title="Audit" action={<Files search={search} />}>
        Every change in this organization: who, when, and what it was before. Events are only ever added.
      </PageHead>
      <div className="space-y-4">
        <ChainStatus />
        <Filters search={search} onChange={show} />
        <p role="status" className="min-h-5 text-quiet">
          {told(found.total, found.rows?.length, rangeOf(search))}
        </p>
        <Listed search={search} onChange={show} found={found} />
      </div>
      {search.open !== undefined && <Beside search={search} open={search.open} rows={found.rows ?? []} onChange={show} />}
    </>
  );
}

interface Searching {
  search: AuditSearch;
  onChange: (search: AuditSearch) => void;
}

function Listed({ search, onChange, found }: Searching & { found: ReturnType<typeof useEvents> }) {
  const { isFetchNextPageError: cut, error } = found;
  return (
    <DataTable
      what="events"
      columns={columns}
      rows={found.rows}
      getKey={({ id }) => id}
      open={search.open ?? null}
      onOpen={({ id }) => onChange({ ...search, open: id })}
      onClose={() => onChange(without(search, "open"))}
      error={cut ? null : error}
      onRetry={() => void found.refetch()}
      empty={<NothingFound onClear={() => onChange({})} />}
      more={{ has: found.hasNextPage, loading: found.isFetchingNextPage, load: () => void found.fetchNextPage(), error: cut ? error : null }}
    />
  );
}

/** The detail of the event that is open; its neighbours in the list are a key away. */
function Beside({ search, open, rows, onChange }: Searching & { open: string; rows: EventRead[] }) {
  const at = rows.findIndex(({ id }) => id === open);
  const go = (to: EventRead | undefined) => (to && at >= 0 ? () => onChange({ ...search, open: to.id }) : null);
  return (
    <EventPanel
      id={open}
      known={rows[at]}
      onClose={() => onChange(without(search, "open"))}
      onNext={go(rows[at + 1])}
      onPrevious={go(rows[at - 1])}
    />
  );
}

function Filters({ search, onChange }: Searching) {
  const range = rangeOf(search);
  const { data } = useQuery(facetsQuery);
  return (
    <FilterBar
      fields={fields(data)}
      chosen={chosenOf(search)}
      onChange={(field, values) => onChange(withFilter(search, field, values))}
      onClear={() => onChange(range)}
      search={{ value: search.q ?? "", onChange: (q) => onChange({ ...without(search, "q", "open"), ...(q && { q }) }), label: "Search what events say" }}
    >
      <TimeRange range={range} onChange={(next) => onChange({ ...without(search, "last", "from", "to", "open"), ...next })} />
    </FilterBar>
  );
}

function NothingFound({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState
      title="No event matches"
      action={<Button onClick={onClear}>Show all events</Button>}
      snippet={{ title: "From a terminal", code: "hone audit list --name route. --from 2026-01-01 --json" }}
    >
      <p>Nothing that was changed has all of these filters. Take one away, or choose a longer time.</p>
    </EmptyState>
  );
}

function Files({ search }: { search: AuditSearch }) {
  async function file(format: "csv" | "jsonl"): Promise<Blob> {
    const asked = parameters(search, Date.now());
    asked.set("format", format);
    const response = await signed({ method: "GET", path: `/api/audit/events/export?${asked}` });
    if (!response.ok) throw await refusal(response);
    return response.blob();
  }
  return (
    <ExportMenu
      of="The events that match, newest first, with what was before and after."
      formats={[
        { label: "CSV", file: "audit.csv", fetch: () => file("csv") },
        { label: "JSON lines", file: "audit.jsonl", fetch: () => file("jsonl") },
      ]}
    />
  );
}
