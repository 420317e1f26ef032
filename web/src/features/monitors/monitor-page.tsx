import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";

import { Actions } from "./actions";
import { BudgetSection } from "./budget";
import { CourseSection } from "./course-section";
import { Patterns } from "./patterns";
import { MonitorStateMark } from "./state-mark";
import { countedBy, ruleWords, subjectOf } from "./words";

import { usePolling } from "@/api/live";
import { monitorQuery, type Monitor } from "@/api/watch";
import { CopyButton } from "@/components/copy-button";
import { Crumbs } from "@/components/crumbs";
import { Facts } from "@/components/facts";
import { Failure } from "@/components/failure";
import { Skeleton } from "@/components/ui/skeleton";
import { When } from "@/components/when";
import { Who } from "@/components/who";
import { count, plain } from "@/lib/format";
import { paths } from "@/lib/paths";
import { kindWords } from "@/lib/watched";

const LINK = "hit text-accent-ink underline underline-offset-4";

/** One monitor: what it measures, when it rings, and how it went. */
export default function MonitorPage() {
  const { monitorId = "" } = useParams({ strict: false });
  const { data, error, refetch } = useQuery({ ...monitorQuery(monitorId), refetchInterval: usePolling() });
  return (
    <>
      <title>{`${data?.name ?? "Monitor"} · Hone`}</title>
      <Crumbs to={paths.monitors}>Monitors</Crumbs>
      {data ? (
        <Shown of={data} />
      ) : error ? (
        <>
          <h1 className="text-title font-semibold tracking-tight">Monitor</h1>
          <Failure title="The monitor could not be loaded" error={error} onRetry={() => void refetch()} className="mt-4" />
        </>
      ) : (
        <div role="status" aria-label="Loading the monitor" className="mt-2 space-y-4">
          <h1 className="sr-only">Monitor</h1>
          <Skeleton className="h-12 max-w-sm" />
          <Skeleton className="h-72" />
        </div>
      )}
    </>
  );
}

function Shown({ of: monitor }: { of: Monitor }) {
  const { name, words, alert } = monitor;
  return (
    <div className="space-y-8">
      <header>
        <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
          <div className="min-w-0 flex-1 basis-72">
            <h1 className="text-title font-semibold tracking-tight break-words">{name}</h1>
            <p className="mt-0.5 flex flex-wrap items-center gap-x-4">
              <MonitorStateMark of={monitor} />
              <span className="text-quiet">{subjectOf(monitor)}</span>
              {alert !== null && (
                <Link to={paths.alert} params={{ alertId: alert }} className={LINK}>
                  its alert
                </Link>
              )}
            </p>
          </div>
          <Actions of={monitor} />
        </div>
        {words !== "" && <p className="mt-3 max-w-[72ch] text-lg text-pretty">{plain(words)}</p>}
      </header>
      <BudgetSection of={monitor} />
      <CourseSection of={monitor} />
      {monitor.kind === "error_patterns" && <Patterns />}
      <Known of={monitor} />
    </div>
  );
}

function Known({ of: monitor }: { of: Monitor }) {
  return (
    <section aria-labelledby="rule" className="max-w-3xl">
      <h2 id="rule" className="text-base font-semibold">
        When it rings
      </h2>
      <p className="mt-1 max-w-[72ch] text-pretty">{ruleWords(monitor)}</p>
      <Facts
        facts={{
          Kind: kindWords(monitor.kind),
          "Rests on": monitor.n > 0 ? `${count(monitor.n)} ${countedBy(monitor)}` : null,
          Measured: monitor.measuredAt === null ? "not yet" : <When at={monitor.measuredAt} />,
          Alerts: (
            <Link to={paths.alerts} search={{ monitor: monitor.id, state: "any" }} className={LINK}>
              those that it opened
            </Link>
          ),
          Made: monitor.preset === null ? (
            <>
              by <Who id={monitor.createdBy} /> <When at={monitor.createdAt} />
            </>
          ) : (
            "by Hone: every organization has it"
          ),
          Id: (
            <>
              <code className="font-mono text-xs break-all">{monitor.id}</code> <CopyButton text={monitor.id} what="the monitor's id" />
            </>
          ),
        }}
      />
    </section>
  );
}
