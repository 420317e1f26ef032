import type { Operation } from "@/api/schema";

/** Puts what just came, in any order, among what was there, newest first: each operation once, as it came last; keeps the newest. */
export function newestFirst(came: Operation[], there: Operation[], most: number): Operation[] {
  const fresh = new Map(came.map((operation) => [operation.id, operation]));
  const coming = [...fresh.values()].sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt));
  // What is there may be a hundred thousand rows in their order: only the few that come are looked for a place.
  const kept = there.filter(({ id }) => !fresh.has(id));
  const all: Operation[] = [];
  let at = 0;
  for (const operation of coming) {
    const made = Date.parse(operation.createdAt);
    for (let next = kept[at]; next && Date.parse(next.createdAt) > made; next = kept[++at]) all.push(next);
    all.push(operation);
  }
  return all.concat(kept.slice(at)).slice(0, most);
}
