/**
 * Whether somebody is signed in in this browser, and why the last session ended.
 * The session itself is in cookies that no script can read; beside them lies one that tells that they are there.
 */

const COOKIES = ["hone_csrf", "__Host-hone_csrf"];
const KEY = "hone.session";
const listeners = new Set<(elsewhere: boolean) => void>();
let ended: string | null = null;

interface Note {
  /** Differs from the note before, so that other tabs hear of it. */
  at: number;
  open: boolean;
  reason: string | null;
}

function csrf(): string | null {
  const pairs = document.cookie.split("; ").map((pair) => pair.split("="));
  return pairs.find(([name = ""]) => COOKIES.includes(name))?.[1] ?? null;
}

function forgetCookie(): void {
  for (const name of COOKIES) document.cookie = `${name}=; Max-Age=0; Path=/; SameSite=Strict${name.startsWith("__") ? "; Secure" : ""}`;
}

function tell(open: boolean, reason: string | null): void {
  localStorage.setItem(KEY, JSON.stringify({ at: Date.now(), open, reason } satisfies Note));
  for (const listener of listeners) listener(false);
}

export const session = {
  /** Whether there is a session to ask with; only the server knows whether it still counts. */
  open: (): boolean => csrf() !== null,

  /** What proves that a change comes from our page and not from somebody else's. */
  csrf,

  /** Why the person has to sign in again, in the server's words. */
  ended: (): string | null => ended,

  /** The server opened a session; every tab goes on with it. */
  begin(): void {
    ended = null;
    tell(true, null);
  },

  /** The session is over, in every tab; without a reason, because the person wanted so. */
  end(reason: string | null = null): void {
    if (csrf() === null && reason === null) return;
    ended = reason;
    forgetCookie();
    tell(false, reason);
  },

  /** Hears of every beginning and end, and whether it was in another tab. */
  watch(listener: (elsewhere: boolean) => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

// Another tab signed in or out.
addEventListener("storage", ({ key, newValue }) => {
  if (key !== KEY || newValue === null) return;
  ended = (JSON.parse(newValue) as Note).reason;
  for (const listener of listeners) listener(true);
});
