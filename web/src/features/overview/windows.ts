import type { Window } from "@/api/schema";

const MINUTE = 60_000;

interface Span {
  milliseconds: number;
  /** How much time one bar of the picture covers. */
  bin: number;
  last: string;
  before: string;
  binName: string;
}

/** What each window is called, and how finely it is drawn. */
export const spans: Record<Window, Span> = {
  "15m": { milliseconds: 15 * MINUTE, bin: MINUTE, last: "the last 15 minutes", before: "the 15 minutes before", binName: "minute" },
  "1h": { milliseconds: 60 * MINUTE, bin: MINUTE, last: "the last hour", before: "the hour before", binName: "minute" },
  "6h": { milliseconds: 360 * MINUTE, bin: 5 * MINUTE, last: "the last 6 hours", before: "the 6 hours before", binName: "5 minutes" },
  "24h": { milliseconds: 1440 * MINUTE, bin: 15 * MINUTE, last: "the last 24 hours", before: "the 24 hours before", binName: "15 minutes" },
};
