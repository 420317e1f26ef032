/** What the page asks the API for: whole steps of the viewer's calendar. Pure. */

import { LASTS, MANY, USUAL, type CostsSearch } from "./routes";

export type Step = "hour" | "day" | "month";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const days = { "7d": 7, "30d": 30, "90d": 90 } as const;

interface Stretch {
  from: Date;
  /** Open: until now. */
  to?: Date;
}

/** How long the steps are: a picture has room for some dozens of them. */
export function stepOf({ from, to }: Stretch, now: number): Step {
  const length = (to?.getTime() ?? now) - from.getTime();
  if (length <= 3 * DAY) return "hour";
  return length <= 100 * DAY ? "day" : "month";
}

/** When the stretch of a search begins and ends; the last so long are whole steps, the present one being the last of them. */
export function stretchOf(search: CostsSearch, now: number): Stretch {
  if (!search.from && !search.to) return { from: beginning(LASTS.find((each) => each === search.last) ?? USUAL.last, now) };
  const to = search.to ? new Date(search.to) : undefined;
  const from = search.from ? new Date(search.from) : new Date((to?.getTime() ?? now) - 30 * DAY);
  return { from, ...(to && { to }) };
}

function beginning(last: (typeof LASTS)[number], now: number): Date {
  const from = new Date(now);
  if (last === "24h") {
    from.setTime(now - 23 * HOUR);
    from.setMinutes(0, 0, 0);
    return from;
  }
  if (last === "365d") from.setMonth(from.getMonth() - 11, 1);
  else from.setDate(from.getDate() - days[last] + 1);
  from.setHours(0, 0, 0, 0);
  return from;
}

export const zone = (): string => new Intl.DateTimeFormat("en-GB").resolvedOptions().timeZone;

/** The parameters of the API, for the page and for a file alike. */
export function parameters(search: CostsSearch, now: number): URLSearchParams {
  const stretch = stretchOf(search, now);
  const asked = new URLSearchParams({
    by: search.by ?? USUAL.by,
    step: stepOf(stretch, now),
    zone: zone(),
    from: stretch.from.toISOString(),
    ...(stretch.to && { to: stretch.to.toISOString() }),
  });
  for (const name of MANY) for (const each of search[name] ?? []) asked.append(name, each);
  return asked;
}
