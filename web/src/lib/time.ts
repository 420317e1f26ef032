/** Moments in the viewer's zone, with the zone named. */

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const clockWithSeconds = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const whole: Intl.DateTimeFormatOptions = {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  timeZoneName: "short",
};
const full = new Intl.DateTimeFormat("en-GB", whole);
const fullExact = new Intl.DateTimeFormat("en-GB", { ...whole, fractionalSecondDigits: 3 });

const short = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const shortWithSeconds = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

const planned = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  timeZoneName: "short",
});

const zoned = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZoneName: "short" });

type Moment = Date | number | string;

export const clockTime = (at: Moment): string => clock.format(new Date(at));
export const clockTimeExact = (at: Moment): string => clockWithSeconds.format(new Date(at));
/** Milliseconds are told where there are any: of what happened, not of what is planned. */
export function fullTime(at: Moment): string {
  const moment = new Date(at);
  return (moment.getMilliseconds() === 0 ? full : fullExact).format(moment);
}
/** What is planned to the minute: `Sat, 13 Jun 2026, 05:23 CEST`. */
export const plannedTime = (at: Moment): string => planned.format(new Date(at));
/** `12 Jun, 10:00`. */
export const shortTime = (at: Moment): string => short.format(new Date(at));
/** `12 Jun, 10:00 CEST`. */
export const zonedTime = (at: Moment): string => zoned.format(new Date(at));
/** `12 Jun, 10:00:41`. */
export const shortTimeExact = (at: Moment): string => shortWithSeconds.format(new Date(at));

/** For little room: `10:00:41` of today, `12 Jun, 10:00` of any other day. */
export function briefTime(at: Moment, now: Moment = Date.now()): string {
  const today = new Date(at).toDateString() === new Date(now).toDateString();
  return today ? clockTimeExact(at) : shortTime(at);
}

/** `Europe/Berlin (UTC+02:00)`. */
export function zoneName(at: Date = new Date()): string {
  const zone = new Intl.DateTimeFormat("en-GB").resolvedOptions().timeZone;
  const minutes = -at.getTimezoneOffset();
  if (minutes === 0) return zone === "UTC" ? "UTC" : `${zone} (UTC)`;
  const pad = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const size = Math.abs(minutes);
  return `${zone} (UTC${minutes < 0 ? "−" : "+"}${pad(size / 60)}:${pad(size % 60)})`;
}

/** How long ago, in the largest unit that fits; a clock that runs ahead reads as now. */
export function age(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < 1) return "now";
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const STEPS = [1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 240, 360, 480, 720].map((minutes) => minutes * MINUTE);
/** From so long on an axis tells days, and from so long on months. */
const IN_DAYS = 3 * DAY;
const IN_MONTHS = 100 * DAY;

/** Round moments of the viewer's clock or calendar between two instants, no more than asked for. */
export function timeTicks(from: number, to: number, most: number): number[] {
  const step = STEPS.find((candidate) => (to - from) / candidate <= most);
  if (step === undefined || to - from > IN_DAYS) return dateTicks(from, to, most);
  const midnight = new Date(from);
  midnight.setHours(0, 0, 0, 0);
  const ticks: number[] = [];
  const first = midnight.getTime() + Math.ceil((from - midnight.getTime()) / step) * step;
  for (let at = first; at <= to; at += step) ticks.push(at);
  return ticks;
}

/** Days or months; by the calendar, since not every day has 24 hours. */
function dateTicks(from: number, to: number, most: number): number[] {
  const months = to - from > IN_MONTHS;
  const length = (to - from) / (months ? 30.4 * DAY : DAY);
  const each = (months ? [1, 2, 3, 6, 12] : [1, 2, 4, 7, 14, 28]).find((step) => length / step <= most) ?? Math.ceil(length / most);
  const at = new Date(from);
  at.setHours(0, 0, 0, 0);
  if (months) at.setDate(1);
  const ticks: number[] = [];
  while (at.getTime() <= to) {
    if (at.getTime() >= from) ticks.push(at.getTime());
    if (months) at.setMonth(at.getMonth() + each);
    else at.setDate(at.getDate() + each);
  }
  return ticks;
}

const dayOfMonth = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const monthOfYear = new Intl.DateTimeFormat("en-GB", { month: "short", year: "numeric" });

/** How a moment is called on an axis: by the clock, the day or the month, whatever the axis is about. */
export function axisLabel(at: number, from: number, to: number): string {
  if (to - from > IN_MONTHS) return monthOfYear.format(at);
  const moment = new Date(at);
  const midnight = moment.getHours() === 0 && moment.getMinutes() === 0;
  return to - from > IN_DAYS || (midnight && to - from > DAY) ? dayOfMonth.format(moment) : clockTime(moment);
}

/** A length of time in words, never more exact than needed: `45 s`, `3 min 20 s`, `2 h 5 min`. */
export function span(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const [size, unit, rest, small] =
    seconds < 3600
      ? [Math.floor(seconds / 60), "min", seconds % 60, "s"]
      : [Math.floor(seconds / 3600), "h", Math.floor((seconds % 3600) / 60), "min"];
  return rest === 0 ? `${size} ${unit}` : `${size} ${unit} ${rest} ${small}`;
}
