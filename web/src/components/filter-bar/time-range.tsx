import { CalendarClock } from "lucide-react";
import { useState, type SyntheticEvent } from "react";

import { Button } from "@/components/ui/button";
import { Popover } from "@/components/ui/popover";
import { shortTime, zoneName } from "@/lib/time";

/** A stretch of time: the last so long, or between two moments (ISO 8601), or all of it. */
export interface Range {
  last?: string;
  from?: string;
  to?: string;
}

const HOUR = 3_600_000;

/** What `last` may say. */
export const LASTS = { "15m": HOUR / 4, "1h": HOUR, "6h": 6 * HOUR, "24h": 24 * HOUR, "7d": 168 * HOUR, "30d": 720 * HOUR, "90d": 2160 * HOUR, "365d": 8760 * HOUR } as const;
export type Last = keyof typeof LASTS;

const names: Record<Last, string> = {
  "15m": "Last 15 minutes",
  "1h": "Last hour",
  "6h": "Last 6 hours",
  "24h": "Last 24 hours",
  "7d": "Last 7 days",
  "30d": "Last 30 days",
  "90d": "Last 90 days",
  "365d": "Last 12 months",
};
const usual: readonly Last[] = ["15m", "1h", "6h", "24h", "7d", "30d"];

/** When a range begins and ends, at this moment; an open end is the present. */
export function bounds({ last, from, to }: Range, now: number): { from?: string; to?: string } {
  const span = last && last in LASTS ? LASTS[last as Last] : undefined;
  if (span) return { from: new Date(now - span).toISOString() };
  return { ...(from && { from }), ...(to && { to }) };
}

/** How a range is called: "Last 24 hours", "12 Jun, 10:00 to 12 Jun, 11:00". */
export function rangeName({ last, from, to }: Range): string {
  if (last && last in names) return names[last as Last];
  if (from && to) return `${shortTime(from)} to ${shortTime(to)}`;
  if (from) return `Since ${shortTime(from)}`;
  return to ? `Until ${shortTime(to)}` : "Any time";
}

interface Props {
  range: Range;
  onChange: (range: Range) => void;
  lasts?: readonly Last[];
  /** Whether all of time can be chosen. */
  any?: boolean;
}

/** Chooses a stretch of time in the viewer's zone, which is named. */
export function TimeRange({ range, onChange, lasts = usual, any = true }: Props) {
  return (
    <Popover
      name="Time range"
      label={
        <>
          <CalendarClock aria-hidden="true" /> {rangeName(range)}
        </>
      }
    >
      {(close) => {
        const choose = (next: Range) => {
          onChange(next);
          close();
        };
        return (
          <div className="w-64 max-w-full space-y-3">
            <ul aria-label="Time range" className="grid grid-cols-2 gap-1">
              {lasts.map((last) => (
                <li key={last}>
                  <Button
                    look="quiet"
                    aria-pressed={range.last === last}
                    className="w-full justify-start px-2 aria-pressed:bg-accent-soft aria-pressed:text-accent-ink pointer-coarse:h-11"
                    onClick={() => choose({ last })}
                  >
                    {names[last]}
                  </Button>
                </li>
              ))}
              {any && (
                <li className="col-span-2">
                  <Button look="quiet" className="w-full justify-start px-2 pointer-coarse:h-11" onClick={() => choose({})}>
                    Any time
                  </Button>
                </li>
              )}
            </ul>
            <Between range={range} onChoose={choose} />
          </div>
        );
      }}
    </Popover>
  );
}

function Between({ range, onChoose }: { range: Range; onChoose: (range: Range) => void }) {
  const [fault, setFault] = useState<string | null>(null);
  function submit(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault();
    const entered = new FormData(event.currentTarget);
    const [from, to] = [moment(entered.get("from")), moment(entered.get("to"))];
    if (!from && !to) setFault("Enter a beginning, an end, or both.");
    else if (from && to && to <= from) setFault("The end must be later than the beginning.");
    else onChoose({ ...(from && { from }), ...(to && { to }) });
  }
  return (
    <form onSubmit={submit} noValidate className="space-y-2 border-t border-line pt-3">
      <Moment name="from" label="From" value={range.from} />
      <Moment name="to" label="To (not included)" value={range.to} />
      {fault && (
        <p role="alert" className="text-bad">
          {fault}
        </p>
      )}
      <p className="text-xs text-quiet">Times are in {zoneName()}.</p>
      <Button type="submit" look="primary" className="w-full">
        Show this time
      </Button>
    </form>
  );
}

function Moment({ name, label, value }: { name: string; label: string; value: string | undefined }) {
  return (
    <label className="block text-xs font-medium text-quiet">
      {label}
      <input
        type="datetime-local"
        name={name}
        step={1}
        defaultValue={value ? localMoment(value) : ""}
        className="mt-1 block h-8 w-full rounded-md border border-edge bg-surface px-2 text-sm text-ink pointer-coarse:h-11"
      />
    </label>
  );
}

/** What a `datetime-local` field holds is in the viewer's zone. */
function localMoment(iso: string): string {
  const at = new Date(iso);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

function moment(entered: FormDataEntryValue | null): string | undefined {
  const at = typeof entered === "string" && entered !== "" ? new Date(entered) : null;
  return at && !Number.isNaN(at.getTime()) ? at.toISOString() : undefined;
}
