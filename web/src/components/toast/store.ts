/** Short news of what was just done. Never the only place of an error: that stays where it happened. */

export interface Toast {
  id: number;
  title: string;
  /** One thing that can be done about it: "Undo". A rejection is told in the toast, which then stays. */
  action?: { label: string; run: () => Promise<unknown> };
}

let all: readonly Toast[] = [];
let last = 0;
const listeners = new Set<() => void>();

function become(next: readonly Toast[]): void {
  all = next;
  for (const listener of listeners) listener();
}

/** More than these would hide the page. */
const MOST = 3;

export const toasts = {
  all: (): readonly Toast[] => all,

  /** `toasts.show("Saved assistant", { label: "Undo", run: undo })`. */
  show(title: string, action?: Toast["action"]): void {
    last += 1;
    become([...all, { id: last, title, ...(action && { action }) }].slice(-MOST));
  },

  dismiss(id: number): void {
    become(all.filter((toast) => toast.id !== id));
  },

  watch: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
