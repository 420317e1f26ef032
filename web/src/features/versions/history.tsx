import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState, type SyntheticEvent } from "react";

import { historyQuery, liveAtQuery } from "./queries";
import { actions, because, environments } from "./words";

import type { HistoryEntry } from "@/api/versions";
import { Failure } from "@/components/failure";
import { Notice } from "@/components/notice";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Skeleton } from "@/components/ui/skeleton";
import { When } from "@/components/when";
import { useWho } from "@/components/who";
import { paths } from "@/lib/paths";
import { fullTime, zoneName } from "@/lib/time";

/** What was in force when, and why: nothing of it is ever changed. */
export function LiveHistory({ name }: { name: string }) {
  const { data, error, refetch } = useQuery(historyQuery(name));
  return (
    <section aria-labelledby="history" className="max-w-3xl">
      <h2 id="history" className="text-lg font-semibold">
        What was live
      </h2>
      {data ? (
        data.items.length === 0 ? (
          <p className="mt-1 text-quiet">Nothing was in force so far.</p>
        ) : (
          <>
            <Asking name={name} />
            <ol aria-label="What happened, newest first" className="mt-3 border-b border-line">
              {data.items.map((entry) => (
                <Entry key={entry.id} of={entry} name={name} />
              ))}
            </ol>
          </>
        )
      ) : error ? (
        <Failure title="The history could not be loaded" error={error} onRetry={() => void refetch()} className="mt-3" />
      ) : (
        <Skeleton className="mt-3 h-24" />
      )}
    </section>
  );
}

function Entry({ of: entry, name }: { of: HistoryEntry; name: string }) {
  const { at, action, environment, version, versionId, former } = entry;
  const subject = version ?? former;
  const who = useWho();
  return (
    <li className="grid gap-x-4 border-t border-line py-2.5 sm:grid-cols-[8rem_minmax(0,1fr)]">
      <p className="text-sm text-quiet">
        <When at={at} />
      </p>
      <div className="min-w-0">
        <p>
          {versionId && version ? (
            <Link to={paths.version} params={{ name, version }} className="hit font-medium text-accent-ink underline underline-offset-4">
              {version}
            </Link>
          ) : (
            <span className="font-medium">{subject ?? "Nothing"}</span>
          )}{" "}
          {actions[action]}
          {environment && environment !== "production" && ` in ${environments[environment]}`}
          {former && version && action !== "deprecated" && `, in the place of ${former}`}
        </p>
        <p className="text-sm text-pretty wrap-anywhere text-quiet">{because(entry, who)}</p>
      </div>
    </li>
  );
}

/** Asks for a moment: what answered then. */
function Asking({ name }: { name: string }) {
  const { at } = useSearch({ from: "/signed-in/versions/$name" });
  const navigate = useNavigate();
  const [typed, setTyped] = useState(() => (at === undefined ? "" : localOf(at)));

  function ask(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault();
    const moment = new Date(typed);
    if (!Number.isNaN(moment.getTime())) void navigate({ to: paths.trained, params: { name }, search: { at: moment.toISOString() }, replace: true });
  }

  return (
    <>
      <form onSubmit={ask} className="mt-2 flex flex-wrap items-end gap-2">
        <label className="text-sm">
          <span className="block text-xs text-quiet">What answered at, by {zoneName()}</span>
          <Input type="datetime-local" step={1} className="mt-1 w-60" value={typed} onChange={(event) => setTyped(event.target.value)} />
        </label>
        <Button type="submit" className="h-9 pointer-coarse:h-11" disabled={typed === ""}>
          Ask
        </Button>
      </form>
      {at !== undefined && <Then name={name} at={at} />}
    </>
  );
}

/** As the browser's own field writes it. */
function localOf(at: string): string {
  const moment = new Date(at);
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

function Then({ name, at }: { name: string; at: string }) {
  const { data, error, refetch } = useQuery(liveAtQuery(name, at));
  const who = useWho();
  if (error) return <Failure title="It could not be looked up" error={error} onRetry={() => void refetch()} className="mt-3" />;
  if (!data) return <Skeleton className="mt-3 h-12" />;
  const { live, because: entries } = data;
  return (
    <Notice tone="info" title={live.production === null ? "Nothing was live then" : `${live.production} was live then`} className="mt-3">
      <p>{fullTime(at)}.</p>
      {entries.map((entry) => (
        <p key={entry.id}>
          Since {fullTime(entry.at)}. {because(entry, who)}
        </p>
      ))}
    </Notice>
  );
}
