/** Who is signed in, in this tab only: the API key, and why the last session ended. */

const KEY = "hone.key";
const listeners = new Set<() => void>();
let ended: string | null = null;

function tell(): void {
  for (const listener of listeners) listener();
}

export const session = {
  key: (): string | null => sessionStorage.getItem(KEY),

  /** Why the person has to sign in again, in the server's words. */
  ended: (): string | null => ended,

  begin(key: string): void {
    ended = null;
    sessionStorage.setItem(KEY, key);
    tell();
  },

  end(reason: string | null = null): void {
    if (this.key() === null) return;
    ended = reason;
    sessionStorage.removeItem(KEY);
    tell();
  },

  watch(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
