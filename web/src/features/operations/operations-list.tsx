import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Radio } from "lucide-react";
import { useEffect, useMemo, useState } from "react";

import { columns } from "./columns";
import { OperationDetail } from "./detail/operation-detail";
import { chosenOf, fields, withFilter } from "./fields";
import { facetsQuery, filtersOf, parameters, rangeOf, together, useComing, useOperations } from "./list";
import { NothingFound } from "./nothing-found";
import type { OperationsSearch } from "./routes";
import { SavedViews } from "./saved-views";
import { told } from "./told";

import { signed } from "@/api/client";
import { refusal } from "@/api/errors";
import type { Operation } from "@/api/schema";
import { ColumnChoice } from "@/components/data-table/column-choice";
import { chosen, useRememberedColumns } from "@/components/data-table/columns";
import { DataTable } from "@/components/data-table/data-table";
import { ExportMenu } from "@/components/export-menu";
import { FilterBar } from "@/components/filter-bar/filter-bar";
import { TimeRange } from "@/components/filter-bar/time-range";
import { SidePanel } from "@/components/side-panel";
import { Button } from "@/components/ui/button";
import { count } from "@/lib/format";
import { paths } from "@/lib/paths";
import { without } from "@/lib/url-state";
import { useHeld } from "@/lib/use-held";

const pageOf = (id: string) => `${paths.operations}/${encodeURIComponent(id)}`;

/** Every call: found by any filter, followed live, taken along as a file. */
export function OperationsList() {
  const search: OperationsSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const show = (next: OperationsSearch) => void navigate({ to: paths.operations, search: next, replace: true });
  const [looking, setLooking] = useState(false);
  const [remembered, remember] = useRememberedColumns("operations", columns);
  const ids = search.columns ?? remembered;
  const found = useOperations(search);
  const coming = useComing(search, found.loaded);
  const scrolled = useScrolled();
  const held = useHeld(coming, scrolled || looking || search.open !== undefined);
  const rows = useMemo(() => together(held, found.loaded), [held, found.loaded]);
  const all = useMemo(() => together(coming, rows), [coming, rows]);

  return (
    <div className="space-y-4">
      <header className="flex flex-wrap items-start gap-2">
        <div className="min-w-0 flex-1 basis-60">
          <h1 className="text-title font-semibold tracking-tight">Operations</h1>
          <p role="status" className="min-h-5 text-quiet">
            {told({ total: found.total, shown: rows?.length, range: rangeOf(search), searchedUntil: found.searchedUntil, more: found.hasNextPage })}
          </p>
        </div>
        <SavedViews search={search} onApply={show} />
        <ColumnChoice columns={columns} shown={ids} onChange={(next) => (search.columns ? show({ ...search, columns: next }) : remember(next))} />
        <Files search={search} ids={ids} />
        <Follow search={search} onChange={show} />
      </header>
      <Filters search={search} onChange={show} />
      <Waiting rows={rows} all={all} />
      <div
        onPointerEnter={() => setLooking(true)}
        onPointerLeave={() => setLooking(false)}
        aria-busy={found.isPlaceholderData}
        className={found.isPlaceholderData ? "opacity-60" : ""}
      >
        <Listed search={search} onChange={show} found={found} rows={rows} ids={ids} />
      </div>
      {search.open !== undefined && <Beside search={search} open={search.open} rows={rows ?? []} onChange={show} />}
    </div>
  );
}

/** How many new operations are held back, so that nothing moves under the eyes. */
function Waiting({ rows = [], all = [] }: { rows: Operation[] | undefined; all: Operation[] | undefined }) {
  const waiting = all.length - rows.length;
  return (
    <div className="h-6" aria-live="polite">
      {waiting > 0 && (
        <Button look="quiet" className="h-6" onClick={() => scrollTo({ top: 0 })}>
          {count(waiting)} new, held while you look
        </Button>
      )}
    </div>
  );
}

interface Searching {
  search: OperationsSearch;
  onChange: (search: OperationsSearch) => void;
}

function Listed({ search, onChange, found, rows, ids }: Searching & { found: ReturnType<typeof useOperations>; rows: Operation[] | undefined; ids: string[] }) {
  const { isFetchNextPageError: cut, error } = found;
  return (
    <DataTable
      what="operations"
      columns={chosen(columns, ids)}
      rows={rows}
      getKey={({ id }) => id}
      getHref={({ id }) => pageOf(id)}
      open={search.open ?? null}
      onOpen={({ id }) => onChange({ ...search, open: id })}
      onClose={() => onChange(without(search, "open"))}
      error={cut ? null : error}
      onRetry={() => void found.refetch()}
      empty={<NothingFound filtered={Object.keys(filtersOf(search)).length > 0} timed={Object.keys(rangeOf(search)).length > 0} onClear={() => onChange({})} />}
      more={{ has: found.hasNextPage, loading: found.isFetchingNextPage, load: () => void found.fetchNextPage(), error: cut ? error : null }}
    />
  );
}

function Filters({ search, onChange }: Searching) {
  const range = rangeOf(search);
  const facets = useQuery(facetsQuery(range)).data;
  return (
    <FilterBar
      fields={fields(facets)}
      chosen={chosenOf(search)}
      onChange={(field, values) => onChange(withFilter(search, field, values))}
      onClear={() => onChange({ ...range, ...(search.follow && { follow: true }), ...(search.columns && { columns: search.columns }) })}
      search={{ value: search.q ?? "", onChange: (q) => onChange({ ...without(search, "q", "open"), ...(q && { q }) }), label: "Search id, model, user" }}
    >
      <TimeRange range={range} onChange={(next) => onChange({ ...without(search, "last", "from", "to", "open"), ...next })} />
    </FilterBar>
  );
}

function Follow({ search, onChange }: Searching) {
  const { follow = false, to } = search;
  return (
    <Button
      aria-pressed={follow}
      title={to ? "Only a time that has no end can be followed" : "New operations come in by themselves"}
      disabled={to !== undefined}
      className="aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-accent-ink"
      onClick={() => onChange(follow ? without(search, "follow") : { ...search, follow: true })}
    >
      <Radio aria-hidden="true" /> {follow ? "Following" : "Follow"}
    </Button>
  );
}

function Files({ search, ids }: { search: OperationsSearch; ids: string[] }) {
  async function file(format: "csv" | "jsonl"): Promise<Blob> {
    const asked = parameters(search, Date.now());
    asked.set("format", format);
    for (const name of new Set(chosen(columns, ids).flatMap(({ exported }) => exported))) asked.append("columns", name);
    const response = await signed({ method: "GET", path: `/api/ai/operations/export?${asked}` });
    if (!response.ok) throw await refusal(response);
    return response.blob();
  }
  return (
    <ExportMenu
      of="The operations that match, with the columns that are shown; up to 100,000 rows, newest first."
      formats={[
        { label: "CSV", file: "operations.csv", fetch: () => file("csv") },
        { label: "JSON lines", file: "operations.jsonl", fetch: () => file("jsonl") },
      ]}
    />
  );
}

/** The detail of the row that is open; its neighbours in the list are a key away. */
function Beside({ search, open, rows, onChange }: Searching & { open: string; rows: Operation[] }) {
  const at = rows.findIndex(({ id }) => id === open);
  const go = (to: Operation | undefined) => (to && at >= 0 ? () => onChange({ ...search, open: to.id }) : null);
  return (
    <SidePanel
      title={`Operation ${open}`}
      of={open}
      href={pageOf(open)}
      onClose={() => onChange(without(search, "open"))}
      onNext={go(rows[at + 1])}
      onPrevious={go(rows[at - 1])}
    >
      <OperationDetail id={open} />
    </SidePanel>
  );
}

/** Whether the page has left its top. */
function useScrolled(): boolean {
  const [scrolled, setScrolled] = useState(false);
  useEffect(() => {
    const hear = () => setScrolled(scrollY > 120);
    addEventListener("scroll", hear, { passive: true });
    return () => removeEventListener("scroll", hear);
  }, []);
  return scrolled;
}
