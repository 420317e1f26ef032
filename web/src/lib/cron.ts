/** When a cron line comes round, by the clock of a time zone. Pure; five fields, as in crontab(5). */

interface Field {
  name: string;
  low: number;
  high: number;
  names?: readonly string[];
}

const FIELDS: readonly Field[] = [
  { name: "minute", low: 0, high: 59 },
  { name: "hour", low: 0, high: 23 },
  { name: "day of the month", low: 1, high: 31 },
  { name: "month", low: 1, high: 12, names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"] },
  { name: "day of the week", low: 0, high: 7, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] },
];

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Longer than any line that comes round at all needs: 29 February across a century's end. */
const DAYS = 366 * 9;

interface Cron {
  fields: readonly ReadonlySet<number>[];
  /** Either day may match where both are said, as cron has it. */
  anyDay: boolean;
  anyWeekday: boolean;
}

/** The line taken apart, or what is wrong with it in words. */
export function readCron(line: string): Cron | string {
  const parts = line.trim().toLowerCase().split(/\s+/);
  if (parts.length !== FIELDS.length) return "Five fields: minute, hour, day of the month, month and day of the week.";
  const fields: Set<number>[] = [];
  for (const [index, field] of FIELDS.entries()) {
    const read = readField(parts[index] ?? "", field);
    if (typeof read === "string") return read;
    fields.push(read);
  }
  if (fields[4]?.has(7)) fields[4].add(0);
  return { fields, anyDay: parts[2] === "*", anyWeekday: parts[4] === "*" };
}

function readField(text: string, field: Field): Set<number> | string {
  const values = new Set<number>();
  for (const part of text.split(",")) {
    const range = rangeOf(part, field);
    if (range === null) return `“${part}” is no ${field.name}: ${field.low} to ${field.high}.`;
    for (let value = range.low; value <= range.high; value += range.step) values.add(value);
  }
  return values;
}

/** `*`, `5`, `1-5` and `mon-fri`, each with a step behind a slash or without. */
function rangeOf(part: string, field: Field): { low: number; high: number; step: number } | null {
  const match = /^(?:\*|([a-z0-9]+)(?:-([a-z0-9]+))?)(?:\/([1-9]\d*))?$/.exec(part);
  if (!match) return null;
  const [, first, last, every] = match;
  const step = Number(every ?? 1);
  if (first === undefined) return { low: field.low, high: field.high, step };
  const low = valueOf(first, field);
  const high = last === undefined && every !== undefined ? field.high : valueOf(last ?? first, field);
  return low === null || high === null || low > high ? null : { low, high, step };
}

function valueOf(text: string, { low, high, names }: Field): number | null {
  const named = names?.indexOf(text.slice(0, 3)) ?? -1;
  const value = named >= 0 ? named + low : /^\d+$/.test(text) ? Number(text) : NaN;
  return value >= low && value <= high ? value : null;
}

/** The next moments after one, in the clock of a zone; fewer where it does not come round so often. */
export function nextTimes(cron: Cron, zone: string, after: number, count = 5): number[] {
  const clock = clockOf(zone);
  const found: number[] = [];
  // The same hour of each day, by the zone's own calendar: no day is missed.
  for (let day = 0, at = after; day < DAYS && found.length < count; day++, at += 24 * HOUR) {
    found.push(...timesOf(cron, clock, at).filter((each) => each > after && !found.includes(each)));
  }
  return found.slice(0, count);
}

/** When it comes round on the day of a moment. */
function timesOf(cron: Cron, clock: (at: number) => Clock, on: number): number[] {
  const { year, month, date, weekday } = clock(on);
  if (!dayMatches(cron, month, date, weekday)) return [];
  const times = sorted(cron.fields[1]).flatMap((hour) => sorted(cron.fields[0]).map((minute) => momentOf(clock, Date.UTC(year, month - 1, date, hour, minute))));
  return times.filter((each) => each !== null);
}

const sorted = (values: ReadonlySet<number> | undefined): number[] => [...(values ?? [])].sort((a, b) => a - b);

function dayMatches({ fields: [, , dates, months, weekdays], anyDay, anyWeekday }: Cron, month: number, date: number, weekday: number): boolean {
  if (!months?.has(month)) return false;
  const matches = [dates?.has(date) === true, weekdays?.has(weekday) === true];
  return anyDay || anyWeekday ? matches.every(Boolean) : matches.some(Boolean);
}

interface Clock {
  year: number;
  month: number;
  date: number;
  weekday: number;
  /** What the clock shows, counted as if it were UTC. */
  shown: number;
}

function clockOf(zone: string): (at: number) => Clock {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric" });
  return (at) => {
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts;
    const shown = Date.UTC(year, month - 1, day, hour, minute);
    return { year, month, date: day, weekday: new Date(shown).getUTCDay(), shown };
  };
}

/** The moment at which a clock shows this; null where it is skipped in spring. */
function momentOf(clock: (at: number) => Clock, shown: number): number | null {
  let at = shown;
  for (let round = 0; round < 3; round++) {
    const off = clock(at).shown - shown;
    if (off === 0) return at;
    at -= off;
  }
  return null;
}

/** Whether a zone is known to this browser. */
export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en-GB", { timeZone: zone });
    return zone !== "";
  } catch {
    return false;
  }
}
