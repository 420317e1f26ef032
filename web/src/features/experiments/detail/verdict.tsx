import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { VerdictIcon } from "../verdict-mark";
import { aboutDays, daysLeft, offered, unitsOf, verdictTone, wantedUnits, willSplit } from "../words";

import { DecideDialog } from "./dialogs";

import type { Comparison, Experiment, Results } from "@/api/experiments";
import { useMay } from "@/api/me";
import { Notice } from "@/components/notice";
import { Button } from "@/components/ui/button";
import { primaryLink } from "@/components/ui/looks";
import { Progress } from "@/components/ui/progress";
import { When } from "@/components/when";
import { Who } from "@/components/who";
import { cn } from "@/lib/cn";
import { percent, plural } from "@/lib/format";
import { outcomeChange, outcomeInterval, outcomeInWords } from "@/lib/outcomes";
import { paths } from "@/lib/paths";

const frames = { good: "border-mark", bad: "border-mark-bad", warn: "border-mark-cost", quiet: "border-edge" } as const;

interface Props {
  experiment: Experiment;
  results: Results;
}

/** What it says, in plain words; then the one number, and how much of what was planned is there. */
export function VerdictBlock({ experiment, results }: Props) {
  const { verdict, sampleRatio, comparisons } = results;
  // Of a bandit shares move, and nobody knows what they should have been.
  const even = sampleRatio?.ok ?? true;
  const about = comparisons.filter(({ arm }) => verdict.arm === null || arm === verdict.arm);
  // Where something does harm, the harm is the number that matters.
  const told = about.find(({ broken, role }) => (verdict.state === "guardrail_broken" ? broken === true : role === "primary"));
  return (
    <section aria-labelledby="verdict" className="space-y-4">
      <div className={cn("border-l-4 py-1 pl-4", frames[verdictTone[verdict.state]])}>
        <h2 id="verdict" className="flex gap-2 text-lg font-semibold text-pretty">
          <VerdictIcon state={verdict.state} className="mt-0.5 size-5" />
          <span>{verdict.words}</span>
        </h2>
        {told && even && <OneNumber of={told} />}
        {verdict.recommendation !== "" && <p className="mt-1 max-w-[72ch] text-pretty text-quiet">{verdict.recommendation}</p>}
        <Deciding experiment={experiment} results={results} />
      </div>
      {sampleRatio && !even && (
        <Notice tone="warn" title="The arms did not get the calls that they should have">
          <p>{sampleRatio.words}</p>
          <p>Until it is known why, nothing below can be trusted: whoever is missing may be just those who fared worse.</p>
        </Notice>
      )}
      <Taken experiment={experiment} results={results} />
      <Ended of={experiment} />
    </section>
  );
}

function OneNumber({ of: { metric, difference, low, high } }: { of: Comparison }) {
  if (difference === null) return null;
  return (
    <p className="mt-2 flex flex-wrap items-baseline gap-x-3">
      <span className="text-figure font-semibold tracking-tight">{outcomeChange(metric, difference)}</span>
      <span className="text-quiet">
        {outcomeInWords(metric)}
        {low !== null && high !== null && `; the true difference lies between ${outcomeInterval(metric, low, high).replace(" to ", " and ")}`}
      </span>
    </p>
  );
}

/** Where one arm is clearly better, one press decides for it. */
function Deciding({ experiment, results: { verdict } }: Props) {
  const may = useMay("experiments:write");
  const [asked, setAsked] = useState(false);
  if (!may || !offered(experiment).decide || verdict.state !== "winner" || verdict.arm === null) return null;
  return (
    <p className="mt-3">
      <Button look="primary" onClick={() => setAsked(true)}>
        Decide for {verdict.arm}
      </Button>
      {asked && <DecideDialog experiment={experiment} verdict={verdict} onClose={() => setAsked(false)} />}
    </p>
  );
}

/** How many took part, of how many that were planned, and how long the rest will take. */
function Taken({ experiment, results }: Props) {
  const units = results.arms.reduce((sum, arm) => sum + arm.units, 0);
  const wanted = wantedUnits(experiment);
  const left = daysLeft({ ...experiment, units });
  return (
    <div className="max-w-3xl">
      <p className="flex flex-wrap justify-between gap-x-4 text-sm text-quiet">
        <span>
          <span className="font-medium text-ink">{unitsOf(units, experiment.unit)}</span>
          {wanted !== null && ` of ${unitsOf(wanted, experiment.unit)} that were planned`}
        </span>
        <span>
          {left !== null && `${left === 0 ? "it has what was planned" : `${aboutDays(left)} left`}; `}as of <When at={results.asOf} />
        </span>
      </p>
      <Unnamed results={results} />
      {wanted !== null && <Progress label="How many of those planned took part" done={Math.min(units, wanted)} total={wanted} className="mt-1.5 w-full" />}
    </div>
  );
}

/** Calls that do not say whose they are cannot stay with an arm: that is told, and how it is mended. */
function Unnamed({ results: { arms } }: Pick<Props, "results">) {
  const unnamed = arms.reduce((sum, arm) => sum + arm.unnamed, 0);
  if (unnamed === 0) return null;
  return <p className="mt-1 text-sm text-pretty text-quiet">{plural(unnamed, "call")} named nobody: each counts as somebody of its own. Calls say whose they are by user, or the header x-hone-user.</p>;
}

/** How it ended, and who ended it. */
function Ended({ of: experiment }: { of: Experiment }) {
  const { state, decided, endedReason, target } = experiment;
  if (state === "decided" && decided) {
    return (
      <Notice tone="info" title={decided.standing ? `Decided for ${decided.arm}: it answers every call of ${target}` : `Decided for ${decided.arm}`}>
        {decided.reason} (<Who id={decided.by} />, <When at={decided.at} />)
        <Releasing of={experiment} />
      </Notice>
    );
  }
  return state === "stopped" ? <Notice tone="info" title="Stopped: every call is answered as before it">{endedReason}</Notice> : null;
}

/** A version that stands in the place of what is called is put in force by its release. */
function Releasing({ of: { id, target, arms, decided } }: { of: Experiment }) {
  const may = useMay("releases:write");
  const winner = arms.find(({ name }) => name === decided?.arm);
  if (!may || !decided?.standing || winner?.kind !== "version" || winner.ref === null) return null;
  return (
    <p className="mt-2">
      <Link to={paths.newRelease} search={{ name: target, version: winner.ref, experiment: id }} className={primaryLink}>
        Release the winner
      </Link>
    </p>
  );
}

/** What it would do once it is started. */
export function DraftWords({ of: experiment }: { of: Experiment }) {
  return (
    <Notice tone="info" title="Nothing happens yet: it is a draft">
      <p>{willSplit(experiment)}</p>
      {experiment.plan && <p>{experiment.plan.words}</p>}
      <p>
        Which is better is judged with {percent(1 - experiment.alpha)} confidence.
      </p>
    </Notice>
  );
}
