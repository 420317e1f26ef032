import { useQuery } from "@tanstack/react-query";

import { planQuery } from "../queries";
import { aboutDays, unitName, unitsOf } from "../words";

import type { ExperimentBody, Plan, PlanBody, Unit } from "@/api/experiments";
import { CodeBlock } from "@/components/code-block";
import { Facts } from "@/components/facts";
import { Notice } from "@/components/notice";
import { Skeleton } from "@/components/ui/skeleton";
import { count } from "@/lib/format";
import { outcomeInWords, outcomeValue } from "@/lib/outcomes";
import { useSettled } from "@/lib/use-settled";

interface Props {
  plan: PlanBody | null;
  /** What creates it, once everything is there. */
  body: ExperimentBody | null;
  unit: Unit;
}

/** What an experiment takes as it stands in the form: people, and days. */
export function PlanPanel({ plan, body, unit }: Props) {
  const asked = useSettled(plan === null ? null : JSON.stringify(plan));
  const settled = asked === null ? null : (JSON.parse(asked) as PlanBody);
  return (
    <aside aria-label="What it takes" className="min-w-0 space-y-4 xl:sticky xl:top-8 xl:self-start">
      <h2 className="text-lg font-semibold">What it takes</h2>
      {settled === null ? <p className="text-quiet">Choose what is compared: how many {unitName(unit)} it needs, and how many days, is told here.</p> : <Told body={settled} />}
      {body && <CodeBlock title="curl" code={curl(body)} />}
    </aside>
  );
}

function Told({ body }: { body: PlanBody }) {
  const { data, error, isPlaceholderData } = useQuery(planQuery(body));
  if (error) return <Notice tone="warn" title={error.message} />;
  if (!data) return <Skeleton className="h-40" />;
  return (
    <div role="status" aria-busy={isPlaceholderData}>
      <p>
        <span className="text-figure font-semibold tracking-tight first-letter:uppercase">{lasts(data)}</span>{" "}
        {data.unitsPerArm !== null && <span className="text-quiet">for {unitsOf(data.unitsPerArm * body.arms.length, body.unit)}</span>}
      </p>
      <p className="mt-1 text-sm text-pretty text-quiet">{data.words}</p>
      <Takes plan={data} body={body} />
    </div>
  );
}

const lasts = ({ days }: Plan): string => (days === null ? "Nobody knows yet" : aboutDays(days).replace(/^./, (first) => first.toUpperCase()));

function Takes({ plan: { unitsPerArm, baseline, unitsPerDay, looks }, body }: { plan: Plan; body: PlanBody }) {
  const primary = body.metrics.find(({ role }) => role === "primary")?.key ?? "";
  return (
    <Facts
      facts={{
        "Each arm": unitsPerArm === null ? null : unitsOf(unitsPerArm, body.unit),
        "A day": unitsPerDay === null ? null : unitsOf(Math.round(unitsPerDay), body.unit),
        Today: baseline === null ? null : `${outcomeValue(primary, baseline)} ${outcomeInWords(primary)}`,
        Looks: body.method === "sequential" ? count(looks) : null,
      }}
    />
  );
}

const curl = (body: ExperimentBody) => `curl ${window.location.origin}/api/experiments \\
  -H "Authorization: Bearer $HONE_KEY" \\
  -H "Content-Type: application/json" \\
  -d '${JSON.stringify(body, null, 2).replaceAll("'", "'\\''")}'`;
