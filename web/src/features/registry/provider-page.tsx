import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";
import { useState } from "react";

import { ProviderForm } from "./provider-form";
import { ProviderHealth } from "./provider-health";
import { modelsQuery, providerQuery } from "./queries";
import { Unread } from "./unread";
import { useProviderCommands } from "./use-provider-commands";

import { useMay } from "@/api/me";
import type { ModelRead, ProviderRead } from "@/api/schema.gen";
import { Confirm } from "@/components/confirm";
import { CopyButton } from "@/components/copy-button";
import { Crumbs } from "@/components/crumbs";
import { Failure } from "@/components/failure";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Skeleton } from "@/components/ui/skeleton";
import { paths } from "@/lib/paths";

/** One provider: where it is, the credential it is called with, and whether it answers. */
export default function ProviderPage() {
  const { providerId = "" } = useParams({ strict: false });
  const { data, error, refetch } = useQuery(providerQuery(providerId));
  return (
    <div className="space-y-8">
      <title>{`${data?.name ?? "Provider"} · Hone`}</title>
      {data ? (
        <Provider key={data.id} provider={data} />
      ) : error ? (
        <Unread title="Provider" list={{ to: paths.providers, name: "Providers" }}>
          <Failure title="The provider could not be loaded" error={error} onRetry={() => void refetch()} />
        </Unread>
      ) : (
        <div role="status" aria-label="Loading the provider" className="space-y-4">
          <h1 className="sr-only">Provider</h1>
          <Skeleton className="h-12 max-w-sm" />
          <Skeleton className="h-72 max-w-2xl" />
        </div>
      )}
    </div>
  );
}

function Provider({ provider }: { provider: ProviderRead }) {
  const navigate = useNavigate();
  const mayWrite = useMay("providers:write");
  const models = useQuery(modelsQuery);
  const { discard } = useProviderCommands();
  const [asked, setAsked] = useState(false);
  const users = models.data?.items.filter((model) => model.provider === provider.name) ?? [];
  return (
    <>
      <header className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 basis-72">
          <Crumbs to={paths.providers}>Providers</Crumbs>
          <h1 className="text-title font-semibold tracking-tight break-words">{provider.name}</h1>
          <p className="flex items-center gap-1 text-sm text-quiet">
            <code className="truncate font-mono text-xs">{provider.id}</code>
            <CopyButton text={provider.id} what="the provider's id" />
          </p>
        </div>
        {mayWrite && (
          <Button onClick={() => setAsked(true)}>
            <Trash2 aria-hidden="true" /> Delete
          </Button>
        )}
      </header>
      <ProviderHealth provider={provider} />
      <ProviderForm provider={provider} />
      {asked && users.length > 0 && <StillUsed provider={provider} models={users} onClose={() => setAsked(false)} />}
      {asked && users.length === 0 && (
        <Confirm
          title={`Delete the provider ${provider.name}?`}
          action={`Delete ${provider.name}`}
          doing="Deleting…"
          typed={provider.name}
          onConfirm={async () => {
            await discard(provider);
            await navigate({ to: paths.providers });
          }}
          onClose={() => setAsked(false)}
        >
          <p>Its credential is destroyed with it and cannot be brought back.</p>
        </Confirm>
      )}
    </>
  );
}

/** Why it cannot be deleted yet, and where to begin. */
function StillUsed({ provider, models, onClose }: { provider: ProviderRead; models: ModelRead[]; onClose: () => void }) {
  return (
    <Dialog
      title={`${provider.name} cannot be deleted yet`}
      onClose={onClose}
      footer={
        <Button onClick={onClose} data-autofocus>
          Close
        </Button>
      }
    >
      <p className="text-pretty text-quiet">Models still use it. Delete them first, or move them to another provider:</p>
      <ul className="space-y-1">
        {models.map(({ id, name }) => (
          <li key={id}>
            <Link to="/models/$modelId" params={{ modelId: id }} className="hit font-medium break-words text-accent-ink underline underline-offset-4">
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
