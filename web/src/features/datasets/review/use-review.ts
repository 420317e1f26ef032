import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import { datasetQuery, forget, sendVerdict, type Verdict } from "../queries";

import { arrive, current, decide, empty, step, takeBack, type Decision } from "./session";
import { usePending } from "./use-pending";

/** So many are always here before one comes to them. */
const AHEAD = 15;

/** What did not reach the server, and which example it was about. */
interface Lost {
  id: string;
  error: Error;
}

/** A review: decisions count at once and are sent one after the other; one that is refused comes back. */
export function useReview(dataset: string, label: string | undefined) {
  const queries = useQueryClient();
  const pending = usePending(dataset, label);
  const [session, setSession] = useState(empty);
  const [seen, setSeen] = useState<typeof pending.pages>(undefined);
  const [lost, setLost] = useState<Lost | null>(null);
  const line = useRef<Promise<unknown>>(Promise.resolve());

  if (pending.pages && pending.pages !== seen) {
    setSeen(pending.pages);
    setSession(arrive(session, pending.pages.flatMap(({ items }) => items)));
  }

  const { has, loading, load } = pending.more;
  const near = session.items.length - session.at < AHEAD;
  useEffect(() => {
    if (near && has && !loading) void load();
  }, [near, has, loading, load]);
  // What was decided is counted on the other pages.
  useEffect(() => () => void line.current.finally(() => forget(queries)), [queries]);

  // At the end one looks up from the work: what the page says above it is true again.
  const over = session.items.length > 0 && current(session) === undefined;
  useEffect(() => {
    if (over) void line.current.finally(() => queries.invalidateQueries(datasetQuery(dataset)));
  }, [over, queries, dataset]);

  /** Sent in the order in which one decided, so that an undo never overtakes what it takes back. */
  function send(verdict: Verdict, refused: () => void) {
    line.current = line.current.then(() =>
      sendVerdict(dataset, verdict).catch((error: unknown) => {
        setLost({ id: verdict.ids[0] ?? "", error: error instanceof Error ? error : new Error(String(error)) });
        refused();
      }),
    );
  }

  function settle(decision: Decision) {
    const example = current(session);
    if (!example) return;
    const { id } = example;
    setLost(null);
    setSession(decide(session, decision));
    send({ ids: [id], ...decision }, () => setSession((now) => takeBack(now, id)));
  }

  function undo() {
    const id = session.past.at(-1);
    const decision = id === undefined ? undefined : session.decided.get(id);
    if (id === undefined || !decision) return;
    setLost(null);
    setSession(takeBack(session, id));
    send({ ids: [id], action: "undo" }, () => setSession((now) => decide({ ...now, at: now.items.findIndex((each) => each.id === id) }, decision)));
  }

  return { pending, session, lost, settle, undo, move: (by: number) => setSession(step(session, by)) };
}
