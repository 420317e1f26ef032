import { Link } from "@tanstack/react-router";

import { methods, unitsOf } from "../words";

import type { Experiment } from "@/api/experiments";
import { Facts } from "@/components/facts";
import { When } from "@/components/when";
import { Who } from "@/components/who";
import { percent } from "@/lib/format";
import { outcomeInWords } from "@/lib/outcomes";
import { paths } from "@/lib/paths";

function releasedBy(release: Experiment["release"]) {
  return (
    release && (
      <Link to={paths.release} params={{ releaseId: release.id }} className="text-accent-ink underline underline-offset-4">
        the release of {release.version}
      </Link>
    )
  );
}

/** How it was set up, so that anybody can judge it. */
export function ExperimentFacts({ experiment }: { experiment: Experiment }) {
  const { metrics, method, alpha, power, minimumEffect, plan, unit, coverage, mode, startedAt, endedAt, createdBy, arms, release } = experiment;
  const named = (role: string) => metrics.filter((metric) => metric.role === role).map(({ key }) => outcomeInWords(key));
  return (
    <section aria-labelledby="facts" className="max-w-3xl">
      <h2 id="facts" className="text-lg font-semibold">
        How it is set up
      </h2>
      <Facts
        facts={{
          Decides: named("primary").join(", "),
          "Must not get worse": named("guardrail").join(", ") || null,
          "Also looked at": named("secondary").join(", ") || null,
          "By lot": unit === "user" ? "each person stays with an arm" : "each conversation stays with an arm",
          "Takes part": coverage === 1 ? "everybody" : `${percent(coverage)} of them`,
          Shares: mode === "bandit" ? "moved to what does better as it goes" : "fixed",
          Looks: methods[method].name.toLowerCase(),
          Confidence: `${percent(1 - alpha)}; a difference of ${percent(minimumEffect)} is found with ${percent(power)} certainty`,
          Planned: plan?.unitsPerArm == null ? null : `${unitsOf(plan.unitsPerArm * arms.length, unit)} in all`,
          Began: startedAt && <When at={startedAt} />,
          Ended: endedAt && <When at={endedAt} />,
          "Released by": releasedBy(release),
          By: <Who id={createdBy} />,
        }}
      />
    </section>
  );
}
