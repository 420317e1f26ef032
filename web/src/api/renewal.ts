import { reach, refusal } from "./errors";
import { session } from "./session";

/** When the session was last renewed, by any tab. */
const KEY = "hone.renewed";
const LOCK = "hone.renewal";

let running: Promise<void> | null = null;

/** Renews the session once for everybody who asks: every call of this tab, and every tab of this browser. */
export function renew(since: number): Promise<void> {
  running ??= alone(() => exchange(since)).finally(() => (running = null));
  return running;
}

/** One tab at a time. Locks exist on https and localhost only; without them the server's grace tells the tabs apart. */
async function alone(work: () => Promise<void>): Promise<void> {
  const { locks } = navigator as { locks?: LockManager };
  return locks ? locks.request(LOCK, work) : work();
}

async function exchange(since: number): Promise<void> {
  if (Number(localStorage.getItem(KEY)) > since) return;
  const headers = { accept: "application/json", "x-csrf-token": session.csrf() ?? "" };
  const response = await reach("/api/identity/session/refresh", { method: "POST", headers });
  if (!response.ok) {
    const error = await refusal(response);
    if (error.status === 401) session.end(error.message);
    throw error;
  }
  localStorage.setItem(KEY, String(Date.now()));
}
