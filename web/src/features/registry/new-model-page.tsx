import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState, type SubmitEvent } from "react";

import { CataloguePicker } from "./catalogue-picker";
import { Disputed } from "./disputed";
import { draftOfModel, modelBody, modelReady, noPrice, priceBody, priceOfEntry } from "./model-draft";
import { ModelFields } from "./model-fields";
import { PriceFields } from "./price-fields";
import { catalogueQuery, providersQuery } from "./queries";
import { TRAITS, TraitsFields } from "./traits-fields";
import { useModelCommands } from "./use-model-commands";
import { modelYaml } from "./yaml";

import type { CatalogueModel, ModelCreate, ProviderRead } from "@/api/schema.gen";
import { CodeBlock } from "@/components/code-block";
import { Crumbs } from "@/components/crumbs";
import { Failure } from "@/components/failure";
import { errorBeside } from "@/components/form/errors";
import { useFirstWrong } from "@/components/form/use-first-wrong";
import { Notice } from "@/components/notice";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { paths } from "@/lib/paths";

/** A model before it is there. */
export default function NewModelPage() {
  const { data, error, refetch } = useQuery(providersQuery);
  return (
    <div className="space-y-8">
      <title>New model · Hone</title>
      <header>
        <Crumbs to={paths.models}>Models</Crumbs>
        <h1 className="text-title font-semibold tracking-tight">New model</h1>
      </header>
      {data ? (
        <Making providers={data.items} />
      ) : error ? (
        <Failure title="The providers could not be loaded" error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton className="h-96 max-w-3xl" />
      )}
    </div>
  );
}

const FIELDS = [
  "name",
  "provider",
  "upstream",
  "price.input",
  "price.output",
  "price.cachedInput",
  "price.cacheWrite",
  "price.cacheWriteHour",
  "price.batch",
  ...TRAITS,
];

function Making({ providers }: { providers: readonly ProviderRead[] }) {
  const navigate = useNavigate();
  const catalogue = useQuery(catalogueQuery);
  const [draft, setDraft] = useState(() => draftOfModel(null, providers[0]?.name));
  const [price, setPrice] = useState(noPrice);
  const [picked, setPicked] = useState<CatalogueModel | null>(null);
  const { save } = useModelCommands();
  const form = useFirstWrong<HTMLFormElement>(save.error);
  const body = modelBody(draft, priceBody(price), null);
  const beside = errorBeside(save.error, FIELDS);

  if (providers.length === 0) {
    return (
      <Notice tone="info" title="There is no provider yet">
        A model is at a provider. <Link to="/providers/new" className="underline underline-offset-4">Add a provider</Link> first.
      </Notice>
    );
  }

  function pick(entry: CatalogueModel) {
    setPicked(entry);
    setDraft({ ...draft, upstream: entry.id, name: draft.name === "" ? entry.id : draft.name });
    setPrice(priceOfEntry(entry));
  }

  function submit(event: SubmitEvent) {
    event.preventDefault();
    save.mutate({ body, present: null }, { onSuccess: ({ id }) => void navigate({ to: "/models/$modelId", params: { modelId: id } }) });
  }

  return (
    <div className="grid gap-x-12 gap-y-8 xl:grid-cols-[minmax(0,1fr)_24rem]">
      <form ref={form} onSubmit={submit} className="min-w-0 space-y-6">
        <ModelFields draft={draft} providers={providers} error={save.error} onChange={setDraft} />
        {picked?.id !== draft.upstream && <CataloguePicker entries={catalogue.data?.items ?? []} text={draft.upstream} onPick={pick} />}
        <PriceFields price={price} error={save.error} optional onChange={setPrice} />
        <TraitsFields draft={draft} error={save.error} onChange={setDraft} />
        {beside && <Failure title="Nothing was saved" error={beside} />}
        <Button look="primary" type="submit" disabled={save.isPending || !modelReady(draft)}>
          {save.isPending ? "Saving…" : "Add the model"}
        </Button>
      </form>
      <Aside picked={picked} body={body} />
    </div>
  );
}

/** What one should know before adding it, and the same as a file. */
function Aside({ picked, body }: { picked: CatalogueModel | null; body: ModelCreate }) {
  return (
    <div className="min-w-0 space-y-4 xl:sticky xl:top-8 xl:self-start">
      {picked?.confidence === "disputed" && <Disputed entry={picked} />}
      {body.price === undefined && (
        <Notice tone="warn" title="It has no price yet">
          Without one, the catalogue&rsquo;s price is taken where it knows the model; else its calls are counted as free of charge.
        </Notice>
      )}
      <CodeBlock title="hone apply hone.yaml" code={modelYaml(body)} />
    </div>
  );
}
