import { useQuery } from "@tanstack/react-query";

import { estimateQuery, trainedQuery } from "../queries";
import { roughly } from "../words";

import { betterShare, keptForTest, TEST_EXAMPLES, type Draft } from "./draft";

import type { Job } from "@/api/learning";
import { useMay } from "@/api/me";
import { CodeBlock } from "@/components/code-block";
import { Facts } from "@/components/facts";
import { Notice } from "@/components/notice";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { bytes, count, percent, plain, plural, usd } from "@/lib/format";
import { useSettled } from "@/lib/use-settled";

interface Props {
  job: Job | null;
  draft: Draft;
  /** Keeps another share for the test. */
  onShare: (share: string) => void;
}

/** What the run will take, told while one chooses; and the same from a terminal. */
export function EstimatePanel({ job, draft, onShare }: Props) {
  const asked = useSettled(job === null ? null : JSON.stringify(job));
  const settled = asked === null ? null : (JSON.parse(asked) as Job);
  return (
    <aside aria-label="What it takes" className="min-w-0 space-y-4 xl:sticky xl:top-8 xl:self-start">
      <h2 className="text-lg font-semibold">What it takes</h2>
      {settled === null ? <p className="text-quiet">Choose a dataset: how long it takes, and what, is told here.</p> : <Told job={settled} draft={draft} onShare={onShare} />}
      {settled && <CodeBlock title="curl" code={curl(settled)} />}
    </aside>
  );
}

function Told({ job, draft, onShare }: Props & { job: Job }) {
  const { data, error } = useQuery(estimateQuery(job));
  if (error) return <Refused error={error} />;
  if (!data) return <Skeleton className="h-48" />;
  const { durationSeconds, costUsd, memoryBytes, basis, examples, whyWaiting, problems } = data;
  return (
    <div role="status">
      <p>
        <span className="text-figure font-semibold tracking-tight">{roughly(durationSeconds.likely)}</span>{" "}
        <span className="text-quiet">
          likely, {roughly(durationSeconds.low)} to {roughly(durationSeconds.high)}
        </span>
      </p>
      <Facts
        facts={{
          Memory: bytes(memoryBytes),
          Cost: usd(costUsd),
          Examples: examples === null ? null : count(examples),
          Begins: whyWaiting ?? "at once",
          "Proven against": <Champion name={job.name} />,
          "Taken from": plain(basis) || null,
        }}
      />
      {examples !== null && draft.version === "" && <TestSize examples={examples} draft={draft} onShare={onShare} />}
      {problems.length > 0 && (
        <Notice tone="warn" title="This keeps it from being trained" className="mt-4">
          <Problems of={problems} />
        </Notice>
      )}
    </div>
  );
}

function Refused({ error }: { error: Error }) {
  const told = suggestions(error);
  return (
    <Notice tone="warn" title={error.message}>
      {told.length > 0 && <Problems of={told} />}
    </Notice>
  );
}

/** Too small a test proves nothing: told before, and not by a gate afterwards. */
function TestSize({ examples, draft, onShare }: { examples: number; draft: Draft; onShare: (share: string) => void }) {
  const kept = keptForTest(examples, draft);
  if (kept >= TEST_EXAMPLES) return null;
  const share = betterShare(examples, draft);
  return (
    <Notice
      tone="info"
      title={`About ${plural(kept, "example")} would be kept for the test`}
      className="mt-4"
      action={share !== null && <Button className="self-center" onClick={() => onShare(String(share))}>{`Keep ${percent(share)}`}</Button>}
    >
      <p>
        A version needs {TEST_EXAMPLES} there to pass its gates.{share === null && " There are too few examples yet: it can be trained, and put in force with a reason."}
      </p>
    </Notice>
  );
}

function Problems({ of: problems }: { of: readonly string[] }) {
  return (
    <ul className="list-disc space-y-1 pl-5">
      {problems.map((each) => (
        <li key={each}>{each}</li>
      ))}
    </ul>
  );
}

/** The version that is live, which the new one has to beat. */
function Champion({ name }: { name: string }) {
  const may = useMay("models:read");
  const { data } = useQuery({ ...trainedQuery, enabled: may });
  const live = data?.items.find((each) => each.name === name)?.live.production;
  return <>{live ? `version ${live}, which is live` : "the most frequent answer: none is live yet"}</>;
}

function suggestions(error: Error): string[] {
  const details: unknown = "details" in error ? error.details : null;
  const told = typeof details === "object" && details !== null && "suggestions" in details ? details.suggestions : [];
  return Array.isArray(told) ? told.filter((each) => typeof each === "string") : [];
}

/** What says nothing is left out: it is shorter to read, and means the same. */
const said = (_: string, value: unknown) => (value === null || (typeof value === "object" && Object.keys(value).length === 0) ? undefined : value);

/** A key is nobody who gets mail: what it starts names people. */
const curl = (job: Job) => `curl ${window.location.origin}/api/training/runs \\
  -H "Authorization: Bearer $HONE_KEY" \\
  -H "Content-Type: application/json" \\
  -d '${JSON.stringify({ ...job, notify: undefined }, said, 2).replaceAll("'", "'\\''")}'`;
