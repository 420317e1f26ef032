import { useSyncExternalStore } from "react";

import { useLiveState } from "./live";

function watchOnline(listener: () => void): () => void {
  addEventListener("online", listener);
  addEventListener("offline", listener);
  return () => {
    removeEventListener("online", listener);
    removeEventListener("offline", listener);
  };
}

/** Whether the server cannot be reached now: the live connection broke, or there is no network. */
export function useAway(): boolean {
  const online = useSyncExternalStore(watchOnline, () => navigator.onLine);
  return useLiveState() === "reconnecting" || !online;
}
