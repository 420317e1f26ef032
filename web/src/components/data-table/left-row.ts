/** The row that one left a list by, for each entry of the browser's history: who comes back stands on it again. */

const MOST = 50;
const left = new Map<string, string>();

/** The router marks each entry with a key. */
function entry(): string | null {
  const state: unknown = history.state;
  return typeof state === "object" && state !== null && "__TSR_key" in state ? String(state.__TSR_key) : null;
}

export function leaveBy(row: string): void {
  const here = entry();
  if (here === null) return;
  left.set(here, row);
  const [oldest] = left.keys();
  if (left.size > MOST && oldest !== undefined) left.delete(oldest);
}

export const leftBy = (): string | null => left.get(entry() ?? "") ?? null;
