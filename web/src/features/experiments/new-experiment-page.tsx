import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";

import { noDraft, withTarget, type Draft } from "./new/draft";
import { Wizard } from "./new/wizard";
import { choicesQuery, type Choice } from "./queries";

import { useMe } from "@/api/me";
import { Crumbs } from "@/components/crumbs";
import { EmptyState } from "@/components/empty-state";
import { Failure } from "@/components/failure";
import { outlineLink } from "@/components/ui/looks";
import { Skeleton } from "@/components/ui/skeleton";
import { paths } from "@/lib/paths";

/** An experiment before it is started: six questions, each with its usual answer. */
export default function NewExperimentPage() {
  const asked = useSearch({ from: "/signed-in/experiments/new" });
  const { permissions } = useMe();
  const { data, error, refetch } = useQuery(choicesQuery(permissions));
  return (
    <div className="space-y-6">
      <title>Compare two · Hone</title>
      <header>
        <Crumbs to={paths.experiments}>Experiments</Crumbs>
        <h1 className="text-title font-semibold tracking-tight">Compare two</h1>
        <p className="mt-0.5 max-w-[72ch] text-pretty text-quiet">A part of the calls is answered in another way, by lot. What comes of it tells which way is better.</p>
      </header>
      {data ? (
        data.length === 0 ? (
          <Nothing />
        ) : (
          <Wizard begun={begin(data, asked)} choices={data} />
        )
      ) : error ? (
        <Failure title="The form could not be filled in" error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton className="h-96 max-w-3xl" />
      )}
    </div>
  );
}

/** What the address says is chosen already. */
function begin(choices: readonly Choice[], { target, version }: { target?: string; version?: string }): Draft {
  const choice = choices.find(({ name, kind }) => name === target && (version === undefined || kind === "trained"));
  if (!choice) return noDraft;
  const draft = withTarget(noDraft, choice);
  return version === undefined ? draft : { ...draft, arms: draft.arms.map((arm, index) => (index === 1 ? { ...arm, kind: "version", ref: version } : arm)) };
}

function Nothing() {
  return (
    <EmptyState
      title="There is nothing to compare yet"
      action={
        <Link to={paths.models} className={outlineLink}>
          Add a model
        </Link>
      }
    >
      <p>An experiment needs what clients call, a model or a route, and something to try in its place.</p>
    </EmptyState>
  );
}
