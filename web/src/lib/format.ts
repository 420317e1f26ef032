/** Numbers as people read them: always with their unit, always in one notation. */

const NARROW_SPACE = "\u202f";
export const DASH = "–";

const whole = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });

function decimals(value: number, digits: number): string {
  return value.toLocaleString("en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export function count(value: number): string {
  if (value < 1e6) return whole.format(value);
  const [size, unit] = value < 1e9 ? [1e6, "M"] : [1e9, "bn"];
  return `${decimals(value / size, 2)}${NARROW_SPACE}${unit}`;
}

/** Requests per second and the like, without the unit. */
export function rate(value: number): string {
  if (value === 0) return "0";
  if (value < 0.1) return decimals(value, 2);
  return value < 100 ? decimals(value, 1) : whole.format(value);
}

export function percent(share: number): string {
  const value = share * 100;
  const digits = value === 0 || value >= 10 ? 0 : value < 0.1 ? 2 : 1;
  return `${decimals(value, digits)}${NARROW_SPACE}%`;
}

/** `0.16 to 0.22 %`, with as many digits as it takes to tell the ends apart. */
export function percentInterval(low: number, high: number): string {
  const digits = [0, 1, 2].find((few) => (high - low) * 100 * 10 ** few >= 2) ?? 3;
  return `${decimals(low * 100, digits)} to ${decimals(high * 100, digits)}${NARROW_SPACE}%`;
}

export function usd(value: number): string {
  if (value === 0) return "$0";
  if (value >= 100) return `$${whole.format(value)}`;
  if (value >= 1) return `$${decimals(value, 2)}`;
  if (value >= 0.01) return `$${decimals(value, 3)}`;
  return value < 1e-6 ? "< $0.000001" : `$${decimals(value, 6)}`;
}

/** Money on an axis that reaches to `max`: as many digits as half of it takes, and none where nothing was spent. */
export function usdAxis(max: number): (value: number) => string {
  const digits = [0, 2, 3, 4, 5, 6].find((few) => Math.abs(max / 2 - Number((max / 2).toFixed(few))) < max * 1e-9) ?? 6;
  return (value) => (value === 0 ? "$0" : max === 0 ? "" : `$${decimals(value, digits)}`);
}

/** A price per million tokens as the API writes it: cents at least, and what is below them where there is any. */
export function price(text: string): string {
  return `$${Number(text).toLocaleString("en-GB", { minimumFractionDigits: 2, maximumFractionDigits: 6 })}`;
}

/** To the micro-dollar, as the ledger keeps it; for columns. Nothing is `$0`, which one sees at a glance. */
export function usdExact(value: number): string {
  if (value === 0) return "$0";
  return `$${decimals(value, 6)}`;
}

export function duration(milliseconds: number): string {
  if (milliseconds < 999.5) return `${whole.format(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 59.95) return `${decimals(seconds, seconds < 10 ? 2 : 1)} s`;
  const minutes = Math.floor(Math.round(seconds) / 60);
  return `${minutes} min ${Math.round(seconds) % 60} s`;
}

/** A measurement that may not exist, because nothing was measured. */
export function orDash(value: number | null, format: (value: number) => string): string {
  return value === null ? DASH : format(value);
}

/** `1 request`, `2 requests`. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** `1.2 GB`: decimal, as disks and memory are sold. */
export function bytes(value: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = Math.min(units.length - 1, value < 1 ? 0 : Math.floor(Math.log10(value) / 3));
  const size = value / 1000 ** power;
  return `${decimals(size, power === 0 || size >= 100 ? 0 : 1)}${NARROW_SPACE}${units[power] ?? "B"}`;
}

/** Words that were written with `marks` for code, without them. */
export const plain = (text: string): string => text.replaceAll("`", "");

/** A share to a tenth of a percent, where a tenth matters: `93.4 %`. */
export function percentExact(share: number): string {
  return `${decimals(share * 100, 1)}${NARROW_SPACE}%`;
}

/** A change of a share in points, with its sign: `+1.2 points`. */
export function points(change: number): string {
  return `${change < 0 ? "−" : "+"}${decimals(Math.abs(change) * 100, 1)} points`;
}
