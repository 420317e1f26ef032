import { useQuery } from "@tanstack/react-query";
import { Sparkles } from "lucide-react";

import { FitStatus } from "./fit-status";
import { InForce } from "./in-force";
import { Outcomes } from "./outcomes";
import { modelsQuery, stateQuery, useFit } from "./queries";
import { Versions } from "./versions";
import { answerOf } from "./words";

import type { RoutingModelRead, RoutingState } from "@/api/schema.gen";
import { EmptyState } from "@/components/empty-state";
import { Failure } from "@/components/failure";
import { PageHead } from "@/components/page-head";
import { Permitted } from "@/components/permitted";
import { toasts } from "@/components/toast/store";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";

const SNIPPET = `{"prompt": "Is this clause void?", "model": "small", "score": 1}
{"prompt": "Is this clause void?", "model": "large", "score": 1}
{"operation": "op_019ab…", "score": 0.5}`;

/** Which model is worth its price for which prompt: what was learned of it, and what is in force. */
export default function LearnedPage() {
  const state = useQuery(stateQuery);
  const fit = state.data?.fit;
  const models = useQuery({ ...modelsQuery(`${fit?.id} ${fit?.state}`), enabled: state.data !== undefined });
  const error = state.error ?? models.error;
  return (
    <>
      <Headed state={state.data} />
      {state.data && models.data ? (
        <Learned state={state.data} models={models.data.items} />
      ) : error ? (
        <Failure title="What was learned could not be loaded" error={error} onRetry={() => void Promise.all([state.refetch(), models.refetch()])} />
      ) : (
        <Waiting />
      )}
    </>
  );
}

function Headed({ state }: { state: RoutingState | undefined }) {
  return (
    <PageHead title="Learned routing" action={state && <Learn running={state.fit?.state === "running"} />}>
      <span role="status" className="block min-h-10">
        {state && answerOf(state.active)}
      </span>
    </PageHead>
  );
}

function Learned({ state: { active, fit }, models }: { state: RoutingState; models: readonly RoutingModelRead[] }) {
  return (
    <div className="space-y-10">
      {fit && <FitStatus fit={fit} />}
      {models.length === 0 ? <Nothing /> : <InForce active={active} models={models} />}
      <Outcomes />
      {models.length > 0 && <Versions models={models} />}
    </div>
  );
}

function Learn({ running }: { running: boolean }) {
  const fit = useFit();

  function begin() {
    fit.mutate("told", { onError: (error) => toasts.show(error.message) });
  }

  return (
    <Permitted to="routes:write">
      <Button look="primary" disabled={running || fit.isPending} onClick={begin}>
        <Sparkles aria-hidden="true" /> {running ? "Learning…" : "Learn from outcomes"}
      </Button>
    </Permitted>
  );
}

function Nothing() {
  return (
    <EmptyState title="Teach routes which model is good enough" snippet={{ title: "hone routing outcomes outcomes.jsonl", code: SNIPPET }}>
      <p>The cheapest model that answers well is not the same for every prompt. Tell how good answers were, of two models or more, and Hone learns to tell beforehand.</p>
      <p>What is learned is a candidate first, with figures of prompts that were held out. Nothing changes for calls until you put it in force, and one step goes back.</p>
    </EmptyState>
  );
}

function Waiting() {
  return (
    <div role="status" aria-label="Loading what was learned" className="space-y-10">
      <Skeleton className="h-72" />
      <Skeleton className="h-40" />
    </div>
  );
}
