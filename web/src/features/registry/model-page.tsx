import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";

import { ModelForm } from "./model-form";
import { ModelNotices } from "./model-notices";
import { ModelUsage } from "./model-usage";
import { PriceDialog } from "./price-dialog";
import { PriceHistory } from "./price-history";
import { modelQuery, pricesQuery } from "./queries";
import { Unread } from "./unread";
import { useModelCommands } from "./use-model-commands";

import type { ModelRead } from "@/api/schema.gen";
import { Confirm } from "@/components/confirm";
import { CopyButton } from "@/components/copy-button";
import { Crumbs } from "@/components/crumbs";
import { Failure } from "@/components/failure";
import { Permitted } from "@/components/permitted";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { paths } from "@/lib/paths";

/** One model: where it is, what it costs and cost, and what it did. */
export default function ModelPage() {
  const { modelId = "" } = useParams({ strict: false });
  const { data, error, refetch } = useQuery(modelQuery(modelId));
  return (
    <div className="space-y-8">
      <title>{`${data?.name ?? "Model"} · Hone`}</title>
      {data ? (
        <Model model={data} />
      ) : error ? (
        <Unread title="Model" list={{ to: paths.models, name: "Models" }}>
          <Failure title="The model could not be loaded" error={error} onRetry={() => void refetch()} />
        </Unread>
      ) : (
        <div role="status" aria-label="Loading the model" className="space-y-4">
          <h1 className="sr-only">Model</h1>
          <Skeleton className="h-12 max-w-sm" />
          <Skeleton className="h-72 max-w-2xl" />
        </div>
      )}
    </div>
  );
}

function Model({ model }: { model: ModelRead }) {
  const navigate = useNavigate();
  const { discard } = useModelCommands();
  const [asked, setAsked] = useState<"price" | "delete" | null>(null);
  const close = () => setAsked(null);
  return (
    <>
      <header className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 basis-72">
          <Crumbs to={paths.models}>Models</Crumbs>
          <h1 className="text-title font-semibold tracking-tight break-words">{model.name}</h1>
          <p className="flex items-center gap-1 text-sm text-quiet">
            <code className="truncate font-mono text-xs">{model.id}</code>
            <CopyButton text={model.id} what="the model's id" />
          </p>
        </div>
        <Permitted to="models:write">
          <Button onClick={() => setAsked("delete")}>
            <Trash2 aria-hidden="true" /> Delete
          </Button>
        </Permitted>
      </header>
      <ModelNotices model={model} />
      <ModelUsage model={model} />
      <section aria-labelledby="prices" className="space-y-3">
        <div className="flex flex-wrap items-center justify-between gap-2">
          <h2 id="prices" className="text-lg font-semibold">
            Prices <span className="text-sm font-normal text-quiet">in USD per million tokens</span>
          </h2>
          <Permitted to="models:write">
            <Button onClick={() => setAsked("price")}>
              <Plus aria-hidden="true" /> Add a price
            </Button>
          </Permitted>
        </div>
        <Prices model={model} />
      </section>
      <ModelForm key={model.id} model={model} />
      {asked === "price" && <PriceDialog model={model} onClose={close} />}
      {asked === "delete" && (
        <Confirm
          title={`Delete the model ${model.name}?`}
          action={`Delete ${model.name}`}
          doing="Deleting…"
          onConfirm={async () => {
            await discard(model);
            await navigate({ to: paths.models });
          }}
          onClose={close}
        >
          <p>Calls that send its name are refused from then on. What was recorded of it stays, and so do its prices.</p>
          <p>A model that a route uses cannot be deleted: change the route first.</p>
        </Confirm>
      )}
    </>
  );
}

function Prices({ model }: { model: ModelRead }) {
  const { data, error, refetch } = useQuery(pricesQuery(model.id));
  if (error) return <Failure title="The prices could not be loaded" error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton className="h-24" />;
  if (data.items.length === 0) return <p className="text-quiet">It has none: its calls are counted as free of charge.</p>;
  return <PriceHistory prices={data.items} inForce={model.price?.id ?? null} />;
}
