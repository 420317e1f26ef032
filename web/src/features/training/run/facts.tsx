import { Link } from "@tanstack/react-router";

import { datasetOf, isOver, roughly, tookSeconds } from "../words";

import { useTracked } from "./tracked";

import type { Run } from "@/api/learning";
import { Facts } from "@/components/facts";
import { When } from "@/components/when";
import { Who } from "@/components/who";
import { bytes, plain, plural, usd } from "@/lib/format";
import { number } from "@/lib/measures";
import { paths } from "@/lib/paths";
import { span } from "@/lib/time";
import { useNow } from "@/lib/use-now";

const LINK = "text-accent-ink underline underline-offset-4";

/** What it learns from, what it takes, and how it is configured. */
export function RunFacts({ run }: { run: Run }) {
  const { dataset, estimate, resources, retryOf } = run;
  const trackers = useTracked(run);
  return (
    <section aria-labelledby="facts" className="min-w-0">
      <h2 id="facts" className="text-lg font-semibold">
        The run
      </h2>
      <Facts
        facts={{
          "Learns from": dataset && (
            <>
              {datasetOf(dataset)}, {plural(dataset.examples, "example")}
              {dataset.digest && <code className="block font-mono text-xs break-all text-quiet">{dataset.digest.slice(0, 19)}</code>}
            </>
          ),
          Took: <Took run={run} />,
          Expected: `${roughly(estimate.durationSeconds.low)} to ${roughly(estimate.durationSeconds.high)}, by ${plain(estimate.basis)}`,
          "Cores’ time": resources.cpuSeconds > 0 ? span(Math.round(resources.cpuSeconds)) : null,
          "Most memory": resources.peakMemoryBytes > 0 ? bytes(resources.peakMemoryBytes) : null,
          GPUs: resources.gpus > 0 ? resources.gpus : null,
          Cost: usd(run.costUsd),
          Priority: run.priority === "normal" ? null : run.priority,
          Parameters: parameters(run.spec["params"]),
          Seed: typeof run.spec["seed"] === "number" ? run.spec["seed"] : null,
          Tells: told(run.spec["notify"]),
          "Shown in": trackers,
          "Asked for": <When at={run.createdAt} />,
          By: <Who id={run.createdBy} />,
          "Retry of": retryOf && (
            <Link to={paths.run} params={{ runId: retryOf }} className={LINK}>
              an earlier run
            </Link>
          ),
          Schedule: run.schedule && (
            <Link to={paths.schedules} className={LINK}>
              started by a schedule
            </Link>
          ),
        }}
      />
    </section>
  );
}

/** Who hears of it: people by name, channels by theirs. */
function told(notify: unknown) {
  const { people = [], channels = [] } = (typeof notify === "object" && notify !== null ? notify : {}) as { people?: string[]; channels?: string[] };
  if (people.length + channels.length === 0) return null;
  return (
    <ul>
      {people.map((id) => (
        <li key={id}>
          <Who id={id} />
        </li>
      ))}
      {channels.map((name) => (
        <li key={name}>the channel {name}</li>
      ))}
    </ul>
  );
}

function Took({ run }: { run: Run }) {
  const took = tookSeconds(run, useNow(isOver(run) ? 60_000 : 1000));
  return <>{took === null ? "not begun" : span(took)}</>;
}

function parameters(params: unknown) {
  const told = typeof params === "object" && params !== null ? Object.entries(params) : [];
  if (told.length === 0) return "as the engine has them";
  return (
    <span className="font-mono text-xs">
      {told.map(([name, value]) => (
        <span key={name} className="block break-words">{`${name}: ${typeof value === "number" ? number(value) : JSON.stringify(value)}`}</span>
      ))}
    </span>
  );
}
