import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";

import type { Round } from "./conversation";
import { Playground } from "./playground";
import { callableQuery, recordedQuery } from "./queries";
import type { PlaygroundSearch } from "./routes";

import { EmptyState } from "@/components/empty-state";
import { Failure } from "@/components/failure";
import { Notice } from "@/components/notice";
import { Skeleton } from "@/components/ui/skeleton";
import { plural } from "@/lib/format";
import { paths } from "@/lib/paths";

/** Try a route or a model by hand. The page fills the window, so that one writes at its foot. */
export default function PlaygroundPage() {
  const search = useSearch({ from: "/signed-in/playground" });
  return (
    <div className="flex min-h-[calc(100dvh-6rem)] flex-col lg:min-h-[calc(100dvh-4rem)]">
      <title>Playground · Hone</title>
      <h1 className="mb-4 text-title font-semibold tracking-tight">Playground</h1>
      {search.operation === undefined ? <Open search={search} /> : <FromOperation search={search} id={search.operation} />}
    </div>
  );
}

interface Start {
  system: string;
  rounds: Round[];
  draft: string;
}

const nothing: Start = { system: "", rounds: [], draft: "" };

function Open({ search, start = nothing }: { search: PlaygroundSearch; start?: Start }) {
  const { data: names, error, refetch } = useQuery(callableQuery);
  if (error) return <Failure title="The routes could not be loaded" error={error} onRetry={() => void refetch()} />;
  if (!names) return <Waiting />;
  if (names.length === 0) return <NothingToAsk />;
  return <Playground names={names} search={search} start={start} />;
}

function FromOperation({ search, id }: { search: PlaygroundSearch; id: string }) {
  const { data, error, refetch } = useQuery(recordedQuery(id));
  if (error) {
    return (
      <>
        <Failure title="The operation could not be loaded" error={error} onRetry={() => void refetch()} className="mb-4" />
        <Open search={search} />
      </>
    );
  }
  if (!data) return <Waiting />;
  return (
    <>
      {data.withheld !== null && (
        <Notice tone="warn" title="There is no question to ask again" className="mb-4">
          {data.withheld}
        </Notice>
      )}
      {data.leftOut > 0 && (
        <Notice tone="info" title="Not everything can be asked again" className="mb-4">
          {plural(data.leftOut, "message")} with tools, images or audio {data.leftOut === 1 ? "was" : "were"} left out.
        </Notice>
      )}
      <Open key={id} search={{ model: data.model, ...search }} start={data} />
    </>
  );
}

function NothingToAsk() {
  return (
    <EmptyState
      title="There is nothing to ask yet"
      action={
        <Link to={paths.providers} className="font-medium text-accent-ink underline underline-offset-4">
          Add a provider
        </Link>
      }
      snippet={{
        title: "hone.yaml",
        code: `providers:
  - {name: openai, kind: openai, api_key: env:OPENAI_API_KEY}
models:
  - {name: gpt-4o, provider: openai, upstream: gpt-4o}`,
      }}
    >
      <p>
        A provider serves models, and a model can be asked under its own name. Add both here, or declare them in a file and run{" "}
        <code className="font-mono text-xs text-ink">hone apply hone.yaml</code>.
      </p>
    </EmptyState>
  );
}

function Waiting() {
  return (
    <div role="status" aria-label="Loading the playground" className="space-y-4">
      <Skeleton className="h-9 w-64" />
      <Skeleton className="h-40 w-full" />
    </div>
  );
}
