import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";

import { useHealth } from "./health";
import { healthAnswer } from "./health-words";
import { providerColumns, providerRows } from "./provider-columns";
import { modelsQuery, providersQuery } from "./queries";
import { useUsage } from "./usage";

import { useMay } from "@/api/me";
import { DataTable } from "@/components/data-table/data-table";
import { EmptyState } from "@/components/empty-state";
import { PageHead } from "@/components/page-head";
import { primaryLink } from "@/components/ui/looks";
import { paths } from "@/lib/paths";

const SNIPPET = `providers:
  - name: openai
    kind: openai
    api_key: env:OPENAI_API_KEY`;

/** Who serves models, and how each did in the last hour. */
export default function ProvidersPage() {
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery(providersQuery);
  const models = useQuery(modelsQuery);
  const usage = useUsage("model", "1h");
  const health = useHealth().data?.items;
  const mayWrite = useMay("providers:write");
  const add = mayWrite && (
    <Link to="/providers/new" className={primaryLink}>
      <Plus aria-hidden="true" className="size-4" /> Add a provider
    </Link>
  );
  const rows = data && providerRows(data.items, models.data?.items ?? [], usage, health);
  return (
    <div className="space-y-6">
      <PageHead title="Providers" action={add}>
        <span className="block min-h-5">{health && healthAnswer(health)}</span>
      </PageHead>
      <DataTable
        what="providers"
        columns={providerColumns}
        rows={rows}
        getKey={({ provider }) => provider.id}
        getHref={({ provider }) => `${paths.providers}/${provider.id}`}
        onOpen={({ provider }) => void navigate({ to: "/providers/$providerId", params: { providerId: provider.id } })}
        error={error}
        onRetry={() => void refetch()}
        empty={
          <EmptyState title="Add the first provider" action={add} snippet={{ title: "hone apply hone.yaml", code: SNIPPET }}>
            <p>
              A provider is whoever runs models for you: a vendor, or a server of your own. Hone calls it with the credential that you give
              here, so that applications never hold one.
            </p>
            <p>The credential is sealed, and shown to nobody again.</p>
          </EmptyState>
        }
      />
    </div>
  );
}
