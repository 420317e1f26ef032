import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";

import { PolicyDialog } from "./policy/policy-dialog";
import { PolicyItem } from "./policy/policy-item";
import { PolicyRemoval } from "./policy/policy-removal";
import { StartDialog } from "./policy/start-dialog";
import { policiesQuery, useTurns } from "./queries";
import { STATES, type ImprovementSearch } from "./routes";
import { columns } from "./turn/columns";
import { answerOf, states } from "./words";

import type { Policy, Turn } from "@/api/improvement";
import { usePolling } from "@/api/live";
import { DataTable } from "@/components/data-table/data-table";
import { EmptyState } from "@/components/empty-state";
import { Failure } from "@/components/failure";
import type { Field } from "@/components/filter-bar/fields";
import { FilterBar } from "@/components/filter-bar/filter-bar";
import { PageHead } from "@/components/page-head";
import { Permitted } from "@/components/permitted";
import { toasts } from "@/components/toast/store";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { paths } from "@/lib/paths";

type Asked = { kind: "edit"; policy: Policy | null } | { kind: "start" | "remove"; policy: Policy } | null;

const fields: Field[] = [
  { kind: "choice", id: "state", label: "State", options: STATES.map((value) => ({ value, label: states[value].toLowerCase() })) },
  { kind: "text", id: "model", label: "Model", example: "ticket-classifier" },
];

/** What improves by itself, how near the next turn is, and what came of those before. */
export default function ImprovementPage() {
  const search: ImprovementSearch = useSearch({ from: "/signed-in/improvement" });
  const navigate = useNavigate({ from: paths.improvement });
  const { data, error, refetch } = useQuery({ ...policiesQuery, refetchInterval: usePolling() });
  const turns = useTurns(search.state, search.model);
  const [asked, setAsked] = useState<Asked>(search.create ? { kind: "edit", policy: null } : null);
  const add = () => setAsked({ kind: "edit", policy: null });
  const policies = data?.items;

  function close() {
    setAsked(null);
    if (search.create) void navigate({ search: {}, replace: true });
  }

  return (
    <>
      <PageHead title="Automatic improvement" action={<Add onPress={add} />}>
        <Standing policies={policies} turns={turns.rows} />
      </PageHead>
      {error && <Failure title="The policies could not be loaded" error={error} onRetry={() => void refetch()} className="mb-4" />}
      {policies ? <Policies of={policies} onAsk={setAsked} onAdd={add} /> : !error && <Skeleton className="h-48" />}
      {policies && hasBegun(policies, turns.rows) && <Turns search={search} list={turns} />}
      <Dialogs asked={asked} onClose={close} />
    </>
  );
}

const hasBegun = (policies: readonly Policy[], turns: readonly Turn[] = []) => policies.length + turns.length > 0;

function Standing({ policies, turns }: { policies: Policy[] | undefined; turns: Turn[] | undefined }) {
  const answer = policies && turns ? answerOf(policies, turns) : "";
  return (
    <span role="status" className="block max-sm:min-h-10">
      {answer === "" ? "Models that learn anew by themselves when there is a reason, prove it, and are released with care." : answer}
    </span>
  );
}

function Add({ onPress }: { onPress: () => void }) {
  return (
    <Permitted to="releases:write">
      <Button look="primary" onClick={onPress}>
        <Plus aria-hidden="true" /> Let a model improve
      </Button>
    </Permitted>
  );
}

function Policies({ of: policies, onAsk, onAdd }: { of: readonly Policy[]; onAsk: (asked: Asked) => void; onAdd: () => void }) {
  if (policies.length === 0) return <None onAdd={onAdd} />;
  return (
    <ul aria-label="Policies" className="border-b border-line">
      {policies.map((policy) => (
        <PolicyItem key={policy.id} of={policy} onStart={() => onAsk({ kind: "start", policy })} onEdit={() => onAsk({ kind: "edit", policy })} onRemove={() => onAsk({ kind: "remove", policy })} />
      ))}
    </ul>
  );
}

const SNIPPET = (origin: string) => `curl ${origin}/api/improvement/policies \\
  -H "Authorization: Bearer $HONE_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"model": "ticket-classifier", "approvals": ["release"]}'`;

function None({ onAdd }: { onAdd: () => void }) {
  return (
    <EmptyState title="Let a model improve by itself" action={<Add onPress={onAdd} />} snippet={{ title: "curl", code: SNIPPET(window.location.origin) }}>
      <p>A policy says when a model is to learn anew: when its answers get worse, when there is enough new to learn from, or by the clock.</p>
      <p>Each turn trains, proves the new version on examples that it never saw, releases it to a few first, compares, and promotes it or goes back by itself. At the steps that you choose it waits for you.</p>
    </EmptyState>
  );
}

function Turns({ search, list }: { search: ImprovementSearch; list: ReturnType<typeof useTurns> }) {
  const navigate = useNavigate({ from: paths.improvement });
  const go = (next: ImprovementSearch) => void navigate({ search: next, replace: true });
  const { state, model } = search;
  const clear = () => go({});
  return (
    <section aria-labelledby="turns" className="mt-10">
      <h2 id="turns" className="mb-2 text-base font-semibold">
        Turns
      </h2>
      <FilterBar
        fields={fields}
        chosen={{ state: state === undefined ? [] : [state], model: model === undefined ? [] : [model] }}
        onChange={(field, values) => {
          const [value] = values.slice(-1);
          go({ ...(field !== "state" && state && { state }), ...(field !== "model" && model && { model }), ...(value !== undefined && { [field]: value }) });
        }}
        onClear={clear}
      />
      <div className="mt-4">
        <DataTable
          what="turns"
          columns={columns}
          getKey={({ id }) => id}
          getHref={({ id }) => `${paths.improvement}/turns/${id}`}
          onOpen={({ id }) => void navigate({ to: paths.turn, params: { turnId: id } })}
          {...list}
          empty={<p className="text-quiet">{state !== undefined || model !== undefined ? "No turn matches." : "No turn has begun yet. Start one now, or wait for a trigger."}</p>}
        />
      </div>
    </section>
  );
}

function Dialogs({ asked, onClose }: { asked: Asked; onClose: () => void }) {
  const navigate = useNavigate();
  if (asked === null) return null;
  if (asked.kind === "remove") return <PolicyRemoval of={asked.policy} onClose={onClose} />;
  if (asked.kind === "start") {
    return (
      <StartDialog
        of={asked.policy}
        onStarted={({ id }) => {
          onClose();
          void navigate({ to: paths.turn, params: { turnId: id } });
        }}
        onClose={onClose}
      />
    );
  }
  return (
    <Permitted to="releases:write">
      <PolicyDialog
        present={asked.policy}
        onSaved={({ model }) => {
          onClose();
          toasts.show(`Saved how ${model} improves`);
        }}
        onClose={onClose}
      />
    </Permitted>
  );
}
