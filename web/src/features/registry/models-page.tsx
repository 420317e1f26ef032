import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Plus } from "lucide-react";

import { modelColumns, modelRows } from "./model-columns";
import { catalogueQuery, modelsQuery } from "./queries";
import { useUsage } from "./usage";

import type { ModelRead } from "@/api/schema.gen";
import { DataTable } from "@/components/data-table/data-table";
import { EmptyState } from "@/components/empty-state";
import { SearchField } from "@/components/filter-bar/search-field";
import { PageHead } from "@/components/page-head";
import { Permitted } from "@/components/permitted";
import { primaryLink } from "@/components/ui/looks";
import { plural, usd } from "@/lib/format";
import { paths } from "@/lib/paths";

const SNIPPET = `models:
  - name: large
    provider: openai
    upstream: gpt-4o
    price: {input: 2.5, output: 10}`;

/** What can be called, what it costs, and what it did. */
export default function ModelsPage() {
  const navigate = useNavigate();
  const { q = "" }: { q?: string } = useSearch({ strict: false });
  const { data, error, refetch } = useQuery(modelsQuery);
  const rows = useRows(data?.items);
  const some = data?.items.length;
  return (
    <div className="space-y-6">
      <PageHead title="Models" action={<AddModel />}>
        <span className="block min-h-5">{rows && answer(rows)}</span>
      </PageHead>
      {some !== undefined && some > 5 && (
        <SearchField
          label="Search models"
          value={q}
          onChange={(next) => void navigate({ to: paths.models, search: next === "" ? {} : { q: next }, replace: true })}
        />
      )}
      <DataTable
        what="models"
        columns={modelColumns}
        rows={rows && found(rows, q)}
        getKey={({ model }) => model.id}
        getHref={({ model }) => `${paths.models}/${model.id}`}
        onOpen={({ model }) => void navigate({ to: "/models/$modelId", params: { modelId: model.id } })}
        error={error}
        onRetry={() => void refetch()}
        empty={q === "" ? <FirstModel /> : <p className="text-quiet">No model is called so.</p>}
      />
    </div>
  );
}

function useRows(models: readonly ModelRead[] | undefined) {
  const { data } = useQuery(catalogueQuery);
  const usage = useUsage("model");
  return models && modelRows(models, data?.items ?? [], usage);
}

function found(rows: ReturnType<typeof modelRows>, q: string) {
  const wanted = q.toLowerCase();
  return rows.filter(({ model: { name, upstream, provider } }) => `${name} ${upstream} ${provider}`.toLowerCase().includes(wanted));
}

/** The provider of what was trained here. */
const OURS = "hone";

/** What wants to be looked at first. */
function answer(rows: ReturnType<typeof modelRows>): string | null {
  if (rows.length === 0) return null;
  // What was trained here costs nothing that anybody could bill.
  const unpriced = rows.filter(({ model }) => model.price === null && model.provider !== OURS);
  const cost = rows.reduce((sum, { usage }) => sum + (usage?.costUsd ?? 0), 0);
  const spent = `${usd(cost)} in the last 24 hours`;
  if (unpriced.length === 0) return `${spent}; every model has a price.`;
  return `${spent}; ${plural(unpriced.length, "model has no price and counts", "models have no price and count")} as free of charge.`;
}

function AddModel() {
  return (
    <Permitted to="models:write">
      <Link to="/models/new" className={primaryLink}>
        <Plus aria-hidden="true" className="size-4" /> Add a model
      </Link>
    </Permitted>
  );
}

function FirstModel() {
  return (
    <EmptyState title="Add the first model" action={<AddModel />} snippet={{ title: "hone apply hone.yaml", code: SNIPPET }}>
      <p>
        A model is something at a provider that can be called, under a name of your own. Clients may call it by that name, and routes share
        calls among models.
      </p>
      <p>Its price makes each call&rsquo;s cost exact. Prices of well-known models are filled in from a catalogue that names its sources.</p>
    </EmptyState>
  );
}
