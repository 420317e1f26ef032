import { Link } from "@tanstack/react-router";

import { triggerNames } from "../words";

import type { TurnStory } from "@/api/improvement";
import { Facts } from "@/components/facts";
import { When } from "@/components/when";
import { Who } from "@/components/who";
import { usd } from "@/lib/format";
import { paths } from "@/lib/paths";

const LINK = "hit text-accent-ink underline underline-offset-4";

/** What was made in a turn, each with its page. */
export function TurnLinks({ of: turn }: { of: TurnStory }) {
  const { model, trigger, run, version, versionNumber, release, experiment, costUsd, finishedAt } = turn;
  return (
    <section aria-labelledby="made">
      <h2 id="made" className="text-base font-semibold">
        What came of it
      </h2>
      <Facts
        facts={{
          "Begun by": trigger.kinds.length > 0 ? trigger.kinds.map((kind) => triggerNames[kind].toLowerCase()).join(", ") : <Who id={trigger.by} />,
          "Training run": run && (
            <Link to={paths.run} params={{ runId: run }} className={LINK}>
              how it was trained
            </Link>
          ),
          Version:
            version && versionNumber ? (
              <Link to={paths.version} params={{ name: model, version: versionNumber }} className={LINK}>
                {versionNumber} and its evidence
              </Link>
            ) : null,
          Release: release && (
            <Link to={paths.release} params={{ releaseId: release }} className={LINK}>
              how it came to traffic
            </Link>
          ),
          Experiment: experiment && (
            <Link to={paths.experiment} params={{ experimentId: experiment }} className={LINK}>
              how it was compared
            </Link>
          ),
          Cost: usd(costUsd),
          Over: finishedAt === null ? null : <When at={finishedAt} />,
        }}
      />
    </section>
  );
}
