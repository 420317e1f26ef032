import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";

import { draftOf, noDraft, withTarget, type Draft } from "./new/draft";
import { Wizard } from "./new/wizard";
import { choicesQuery, experimentQuery, type Choice } from "./queries";
import { states } from "./words";

import type { Experiment } from "@/api/experiments";
import { useMe } from "@/api/me";
import { Crumbs } from "@/components/crumbs";
import { EmptyState } from "@/components/empty-state";
import { Failure } from "@/components/failure";
import { Notice } from "@/components/notice";
import { outlineLink } from "@/components/ui/looks";
import { Skeleton } from "@/components/ui/skeleton";
import { paths } from "@/lib/paths";

/** An experiment before it is started: six questions, each with its usual answer, or with those of another one. */
export default function NewExperimentPage() {
  const asked = useSearch({ from: "/signed-in/experiments/new" });
  const { permissions } = useMe();
  const choices = useQuery(choicesQuery(permissions));
  const from = asked.draft ?? asked.like;
  const other = useQuery({ ...experimentQuery(from ?? "", false), enabled: from !== undefined });
  const error = choices.error ?? other.error;
  const title = asked.draft === undefined ? "Compare two" : "Change the draft";
  return (
    <div className="space-y-6">
      <title>{`${title} · Hone`}</title>
      <header>
        <Crumbs to={paths.experiments}>Experiments</Crumbs>
        <h1 className="text-title font-semibold tracking-tight">{title}</h1>
        <p className="mt-0.5 max-w-[72ch] text-pretty text-quiet">A part of the calls is answered in another way, by lot. What comes of it tells which way is better.</p>
      </header>
      {error ? (
        <Failure title="The form could not be filled in" error={error} onRetry={() => void Promise.all([choices.refetch(), other.refetch()])} />
      ) : choices.data && (from === undefined || other.data) ? (
        <Form choices={choices.data} of={other.data} asked={asked} />
      ) : (
        <Skeleton className="h-96 max-w-3xl" />
      )}
    </div>
  );
}

interface Asked {
  target?: string;
  version?: string;
  draft?: string;
}

function Form({ choices, of: other, asked }: { choices: readonly Choice[]; of: Experiment | undefined; asked: Asked }) {
  if (asked.draft !== undefined && other && other.state !== "draft") return <Started of={other} />;
  if (choices.length === 0) return <Nothing />;
  // A copy needs a name of its own; everything else is as it was.
  if (other) return asked.draft === undefined ? <Wizard begun={{ ...draftOf(other), name: "" }} choices={choices} /> : <Wizard begun={draftOf(other)} choices={choices} of={other} />;
  return <Wizard begun={begin(choices, asked)} choices={choices} />;
}

/** What has started is not changed: that would spoil what was counted. */
function Started({ of: { id, name, state } }: { of: Experiment }) {
  return (
    <Notice tone="warn" title={`${name} is ${states[state].toLowerCase()}: what it compares cannot be changed`}>
      <p>A change would spoil what was counted. Stop it, and start another with what you want to change.</p>
      <p className="mt-2 flex flex-wrap gap-2">
        <Link to={paths.newExperiment} search={{ like: id }} className={outlineLink}>
          Start another like it
        </Link>
        <Link to={paths.experiment} params={{ experimentId: id }} className={outlineLink}>
          Open {name}
        </Link>
      </p>
    </Notice>
  );
}

/** What the address says is chosen already. */
function begin(choices: readonly Choice[], { target, version }: Asked): Draft {
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
