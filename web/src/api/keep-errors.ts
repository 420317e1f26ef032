import type { Query, QueryCache } from "@tanstack/react-query";

/** What failed and is asked again stays failed until an answer comes; else its message would turn back into a skeleton. */
export function keepErrors(cache: QueryCache): void {
  const last = new WeakMap<Query, Error>();
  cache.subscribe((event) => {
    if (event.type !== "updated") return;
    const query = event.query as Query;
    const kept = last.get(query);
    if (event.action.type === "fetch" && kept && query.state.data === undefined) query.setState({ status: "error", error: kept });
    else if (query.state.error) last.set(query, query.state.error);
    else last.delete(query);
  });
}
