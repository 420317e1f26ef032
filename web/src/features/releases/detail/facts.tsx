import { Link } from "@tanstack/react-router";

import type { Release } from "@/api/releases";
import { Facts } from "@/components/facts";
import { When } from "@/components/when";
import { Who } from "@/components/who";
import { percent } from "@/lib/format";
import { paths } from "@/lib/paths";

const LINK = "text-accent-ink underline underline-offset-4";

const why = (override: Release["override"]): string | null => override?.reason ?? null;

function provedBy(experiment: Release["experiment"]) {
  return (
    experiment && (
      <Link to={paths.experiment} params={{ experimentId: experiment.id }} className={LINK}>
        {experiment.name}
      </Link>
    )
  );
}

function keptLoaded({ former, keptUntil }: Release) {
  return (
    keptUntil && (
      <>
        {former}, let go <When at={keptUntil} />
      </>
    )
  );
}

/** What was asked for, by whom, and why. */
export function ReleaseFacts({ of: release }: { of: Release }) {
  const { name, version, former, plan, reason, createdBy, createdAt, endedAt, override, approvals, agreement, environment, experiment } = release;
  return (
    <section aria-labelledby="facts" className="min-w-0">
      <h2 id="facts" className="text-lg font-semibold">
        The release
      </h2>
      <Facts
        facts={{
          Version: (
            <Link to={paths.version} params={{ name, version }} className={LINK}>
              {version}
            </Link>
          ),
          "In the place of": <Former name={name} former={former} />,
          Where: environment === "production" ? null : environment,
          Reason: reason,
          "Proved by": provedBy(experiment),
          "Stays with it": plan.unit === "user" ? "each person" : "each conversation",
          Promotion: plan.promotion === "automatic" ? "by itself after the last step" : "by a person's word",
          Agreement: agreement === null ? null : `${percent(agreement)} of the copies were answered alike`,
          "Stays loaded": keptLoaded(release),
          Afterwards: plan.deprecateFormer ? `${former ?? "what was before"} is deprecated` : null,
          "Gates overridden": why(override),
          Approved: approvals.length === 0 ? null : <Approvals of={approvals} />,
          By: <Who id={createdBy} />,
          Began: <When at={createdAt} />,
          Ended: endedAt && <When at={endedAt} />,
        }}
      />
    </section>
  );
}

function Former({ name, former }: Pick<Release, "name" | "former">) {
  if (former === null) return "nothing: it is the first";
  return (
    <Link to={paths.version} params={{ name, version: former }} className={LINK}>
      {former}
    </Link>
  );
}

function Approvals({ of: approvals }: { of: Release["approvals"] }) {
  return approvals.map(({ by, at, note }) => (
    <span key={at} className="block">
      <Who id={by} />, <When at={at} />: {note}
    </span>
  ));
}
