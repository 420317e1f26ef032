import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { Actions } from "./actions";
import { AlertStateMark } from "./columns";
import { Decisions } from "./decisions";
import { Deliveries } from "./deliveries";
import { Moved } from "./moved";
import { alertQuery } from "./queries";
import { isOver, subjectOf } from "./words";

import { monitorQuery, type Alert } from "@/api/watch";
import { CopyButton } from "@/components/copy-button";
import { Facts } from "@/components/facts";
import { Notice } from "@/components/notice";
import { SeverityMark } from "@/components/watched/severity-mark";
import { When } from "@/components/when";
import { Who } from "@/components/who";
import { count, plain } from "@/lib/format";
import { paths } from "@/lib/paths";
import { plannedTime } from "@/lib/time";

interface Props {
  of: Alert;
  /** It has a page for itself. */
  page?: boolean;
}

const LINK = "hit text-accent-ink underline underline-offset-4";

/** What is wrong, what shows it, and what can be done about it. */
export function AlertDetail({ of: alert, page = false }: Props) {
  const Title = page ? "h1" : "h2";
  const heading = page ? "h2" : "h3";
  return (
    <div className="space-y-6">
      <header>
        <Title className={page ? "text-title font-semibold tracking-tight" : "text-lg font-semibold"}>{alert.title}</Title>
        <p className="mt-1 flex flex-wrap items-center gap-x-4 gap-y-1">
          <SeverityMark severity={alert.severity} />
          <AlertStateMark state={alert.state} />
          <span className="text-quiet">
            since <When at={alert.openedAt} />
          </span>
        </p>
        <p className="mt-3 max-w-[72ch] text-lg text-pretty">{plain(alert.words)}</p>
      </header>
      <Over of={alert} />
      {!isOver(alert) && (
        <section aria-label="What to do" className="rounded-md border border-line bg-surface px-4 py-3">
          <p className="max-w-[72ch] text-pretty">{plain(alert.recommendation)}</p>
          <Actions of={alert} />
          <Decisions of={alert} />
        </section>
      )}
      <Moved of={alert} heading={heading} />
      <Known of={alert} heading={heading} />
    </div>
  );
}

/** How it ended, or why it rings nobody. */
function Over({ of: { state, resolvedAt, resolvedBy, note, silencedUntil } }: { of: Alert }) {
  if (state === "silenced" && silencedUntil !== null) return <Notice tone="info" title={`It rings nobody until ${plannedTime(silencedUntil)}`} />;
  if (state !== "resolved" || resolvedAt === null || resolvedBy === null) return null;
  return (
    <Notice tone="info" title="It is over">
      <p>
        Resolved by <Who id={resolvedBy} /> <When at={resolvedAt} />
        {note ? `: ${note}` : "."}
      </p>
    </Notice>
  );
}

function Known({ of: alert, heading }: { of: Alert; heading: "h2" | "h3" }) {
  const { data: monitor } = useQuery({ ...monitorQuery(alert.monitor ?? ""), enabled: alert.monitor !== null });
  // Lists leave out who was told.
  const { data: whole } = useQuery(alertQuery(alert.id));
  return (
    <>
      <Deliveries of={(whole ?? alert).deliveries ?? []} heading={heading} />
      <Facts
        facts={{
          Of: subjectOf(alert),
          "Found by":
            alert.monitor === null ? null : (
              <Link to={paths.monitor} params={{ monitorId: alert.monitor }} className={LINK}>
                {monitor?.name ?? "its monitor"}
              </Link>
            ),
          Measured: `${count(alert.seen)} times while it was open`,
          "Came back": alert.reopened === 0 ? null : `${count(alert.reopened)} times`,
          "Seen last": <When at={alert.lastSeenAt} />,
          "Seen to by": alert.acknowledgedBy === null ? null : <Who id={alert.acknowledgedBy} />,
          Id: (
            <>
              <code className="font-mono text-xs break-all">{alert.id}</code> <CopyButton text={alert.id} what="the alert's id" />
            </>
          ),
        }}
      />
    </>
  );
}
