import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Bookmark, Trash2 } from "lucide-react";
import type { SyntheticEvent } from "react";

import { filtersOf, viewsQuery } from "./list";
import { readSearch, type OperationsSearch } from "./routes";

import { post, remove } from "@/api/client";
import type { ViewRead } from "@/api/schema.gen";
import { Failure } from "@/components/failure";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Popover } from "@/components/ui/popover";
import { Skeleton } from "@/components/ui/skeleton";

interface Props {
  search: OperationsSearch;
  onApply: (search: OperationsSearch) => void;
}

/** Filters and columns that were kept under a name: one's own, and those that are shared. */
export function SavedViews({ search, onApply }: Props) {
  return (
    <Popover
      name="Views"
      label={
        <>
          <Bookmark aria-hidden="true" /> Views
        </>
      }
    >
      {(close) => (
        <Views
          search={search}
          onApply={(next) => {
            onApply(next);
            close();
          }}
        />
      )}
    </Popover>
  );
}

const opened = ({ query, columns = [] }: ViewRead): OperationsSearch => readSearch({ ...query, columns });

function kept(search: OperationsSearch): Record<string, string | string[]> {
  const told = Object.entries<string | number | boolean | string[]>(filtersOf(search));
  return Object.fromEntries(told.map(([name, value]) => [name, Array.isArray(value) ? value : String(value)]));
}

function Views({ search, onApply }: Props) {
  const queries = useQueryClient();
  const { data, error } = useQuery(viewsQuery);
  const settle = () => queries.invalidateQueries({ queryKey: viewsQuery.queryKey });
  const save = useMutation({ mutationFn: (body: object) => post("/api/ai/operations/views", body), onSuccess: settle });
  const forget = useMutation({ mutationFn: (id: string) => remove(`/api/ai/operations/views/${id}`), onSuccess: settle });

  function submit(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const entered = new FormData(form);
    save.mutate(
      { name: entered.get("name"), shared: entered.get("shared") === "on", query: kept(search), columns: search.columns ?? [] },
      { onSuccess: () => form.reset() },
    );
  }

  const failure = error ?? forget.error;
  return (
    <div className="w-72 max-w-full space-y-3">
      {failure && <Failure title="The views are not up to date" error={failure} />}
      {!data && !error && <Skeleton className="h-8 w-full" />}
      {data?.items.length === 0 && <p className="text-quiet">No views yet. Keep the filters of this list under a name to come back to them.</p>}
      <ul aria-label="Views">
        {data?.items.map((view) => (
          <li key={view.id} className="flex items-center gap-1">
            <Button look="quiet" className="min-w-0 flex-1 justify-start px-2" onClick={() => onApply(opened(view))}>
              <span className="truncate">{view.name}</span>
              {view.shared && <span className="text-xs text-quiet">shared</span>}
            </Button>
            {view.mine && (
              <Button look="quiet" className="px-2" aria-label={`Delete the view ${view.name}`} title="Delete this view" onClick={() => forget.mutate(view.id)}>
                <Trash2 aria-hidden="true" />
              </Button>
            )}
          </li>
        ))}
      </ul>
      <form onSubmit={submit} className="space-y-2 border-t border-line pt-3">
        <label className="block text-xs font-medium text-quiet">
          Name of a new view
          <Input name="name" required maxLength={120} className="mt-1" />
        </label>
        <label className="flex min-h-8 items-center gap-2">
          <input type="checkbox" name="shared" className="size-4 accent-accent" /> Everybody in the organization sees it
        </label>
        {save.error && <Failure title="The view was not kept" error={save.error} />}
        <Button type="submit" look="primary" className="w-full" disabled={save.isPending}>
          Keep this view
        </Button>
      </form>
    </div>
  );
}
