import { CirclePause, CircleX, Pause, Play, Radio, RefreshCw } from "lucide-react";

import { useAway } from "@/api/away";
import { useLiveControls, useLiveState } from "@/api/live";
import type { LiveState } from "@/api/live-feed";
import type { ModelMetrics } from "@/api/schema";
import { Button } from "@/components/ui/button";
import { rate } from "@/lib/format";
import { age, clockTimeExact } from "@/lib/time";
import { useNow } from "@/lib/use-now";

const states: Record<LiveState, { word: string; Icon: typeof Radio; look: string }> = {
  connecting: { word: "Connecting", Icon: RefreshCw, look: "text-quiet" },
  live: { word: "Live", Icon: Radio, look: "text-good" },
  reconnecting: { word: "Reconnecting", Icon: RefreshCw, look: "text-warn" },
  paused: { word: "Paused", Icon: CirclePause, look: "text-quiet" },
  refused: { word: "Not live", Icon: CircleX, look: "text-warn" },
};

/** Older than this, the figures say how old they are. */
const STALE_MS = 10_000;

interface Props {
  now: ModelMetrics | undefined;
  asOf: string | undefined;
  /** When the figures came, by this machine's clock. */
  heardAt: number;
}

/** Whether what one sees is happening now, and what is happening. */
export function LiveStatus({ now, asOf, heardAt }: Props) {
  const told = useLiveState();
  // Without a network the connection may seem to stand for a while.
  const state = useAway() && told === "live" ? "reconnecting" : told;
  const present = useNow();
  const { word, Icon, look } = states[state];
  const stale = asOf !== undefined && (state !== "live" || present - heardAt > STALE_MS);

  return (
    <p className="flex min-h-5 flex-wrap items-center gap-x-3 text-sm text-quiet">
      <span className={`inline-flex items-center gap-1.5 font-medium ${look}`} role="status">
        <Icon aria-hidden="true" className="size-3.5" /> {word}
      </span>
      {stale ? (
        <span>
          as of {clockTimeExact(asOf)} ({age(present - heardAt)})
        </span>
      ) : (
        now && <span className="min-w-[12ch]">{rate(now.requestsPerSecond)} requests/s</span>
      )}
    </p>
  );
}

/** Stops and resumes everything on the page that moves by itself (WCAG 2.2.2). */
export function LiveSwitch() {
  const paused = useLiveState() === "paused";
  const { pause, resume } = useLiveControls();
  const Icon = paused ? Play : Pause;
  return (
    <Button className="w-24" onClick={paused ? resume : pause}>
      <Icon aria-hidden="true" /> {paused ? "Resume" : "Pause"}
    </Button>
  );
}
