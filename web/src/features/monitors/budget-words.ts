import { plural } from "@/lib/format";

/** The length of a window. */
export function windowWords(minutes: number): string {
  if (minutes < 60) return plural(minutes, "minute");
  return minutes < 1440 ? plural(minutes / 60, "hour") : plural(minutes / 1440, "day");
}

/** A rate with as many digits as it takes. */
export function times(rate: number): string {
  return `${Number(rate.toFixed(rate >= 1 ? 1 : 2))}×`;
}
