import type { Operation } from "@/api/schema";

/** Puts what just came before what was there, each operation once, and keeps the newest. */
export function newestFirst(came: Operation[], there: Operation[], most: number): Operation[] {
  const known = new Map([...there, ...came].map((operation) => [operation.id, operation]));
  return [...known.values()].sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt)).slice(0, most);
}
