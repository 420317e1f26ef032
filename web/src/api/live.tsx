import { useQueryClient } from "@tanstack/react-query";
import { createContext, use, useEffect, useEffectEvent, useState, useSyncExternalStore, type ReactNode } from "react";

import { LiveFeed, type LiveState } from "./live-feed";
import { renew } from "./renewal";
import type { Channel, Push } from "./schema";

const LiveContext = createContext<LiveFeed | null>(null);

/** Keeps one live connection for everything below it, and asks anew for what was missed while it was away. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const [feed] = useState(() => new LiveFeed(liveUrl(), () => renew(Date.now())));

  useEffect(() => {
    let seen = false;
    const unwatch = feed.watch(() => {
      if (feed.current() !== "live") return;
      if (seen) void queries.invalidateQueries();
      seen = true;
    });
    const stop = feed.start();
    return () => {
      unwatch();
      stop();
    };
  }, [feed, queries]);

  return <LiveContext value={feed}>{children}</LiveContext>;
}

function liveUrl(): string {
  const url = new URL("/ws", location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

function useFeed(): LiveFeed {
  const feed = use(LiveContext);
  if (!feed) throw new Error("Live values are shown outside of LiveProvider.");
  return feed;
}

export function useLiveState(): LiveState {
  const feed = useFeed();
  return useSyncExternalStore(feed.watch, feed.current);
}

export function useLiveControls(): { pause: () => void; resume: () => void } {
  const feed = useFeed();
  return { pause: () => feed.pause(), resume: () => feed.resume() };
}

/** Hands every push of a channel to `onPush` while the component is on the page. */
export function useChannel<Name extends Channel>(channel: Name, onPush: (push: Push<Name>) => void): void {
  const feed = useFeed();
  const hear = useEffectEvent(onPush);
  useEffect(() => feed.listen(channel, (push) => hear(push)), [feed, channel]);
}

/** How often to ask when nothing is pushed: now and then while live, more often without, never when paused. */
export function usePolling(): number | false {
  const state = useLiveState();
  if (state === "paused") return false;
  return state === "live" ? 10_000 : 5000;
}
