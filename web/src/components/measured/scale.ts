/** Arithmetic of what was measured over time. Pure. */

/** One measurement: its moment in ms, its value, and between which values the true one lies; null where nothing could be measured. */
export interface Measured {
  at: number;
  value: number | null;
  low: number | null;
  high: number | null;
  /** How many calls, answers or people it rests on. */
  n: number | null;
}

/** A level that the values are held against. */
export interface Level {
  value: number;
  name: string;
}

/** Every value that a picture of these has to have room for. */
export function valuesOf(points: readonly Measured[], levels: readonly Level[] = []): number[] {
  return [...points.flatMap(({ value, low, high }) => [value, low, high].filter((each) => each !== null)), ...levels.map(({ value }) => value)];
}

/** Measurements further apart than this many usual distances have a gap between them. */
const GAP = 3;

/** Runs of measurements that belong together: a line breaks where nothing was measured. */
export function unbroken(points: readonly Measured[]): Measured[][] {
  const usual = usualDistance(points);
  const runs: Measured[][] = [];
  let run: Measured[] = [];
  let before: Measured | null = null;
  for (const point of points) {
    if (point.value === null || (before !== null && usual > 0 && point.at - before.at > GAP * usual)) {
      if (run.length > 0) runs.push(run);
      run = [];
    }
    if (point.value !== null) run.push(point);
    before = point;
  }
  if (run.length > 0) runs.push(run);
  return runs;
}

/** The median distance between neighbours, in ms. */
function usualDistance(points: readonly Measured[]): number {
  const distances = points.slice(1).map(({ at }, index) => at - (points[index]?.at ?? at));
  return [...distances].sort((a, b) => a - b)[Math.floor(distances.length / 2)] ?? 0;
}

/** The measurement next to a moment; measurements are in the order of their moments. */
export function indexAt(points: readonly Measured[], at: number): number {
  let best = 0;
  for (let index = 1; index < points.length; index++) {
    if (Math.abs((points[index]?.at ?? 0) - at) <= Math.abs((points[best]?.at ?? 0) - at)) best = index;
  }
  return best;
}

/** Shares of an axis, with as many digits as tell its steps apart, and no more. */
export function shareTicks(ticks: readonly number[]): (share: number) => string {
  const digits = [0, 1, 2, 3, 4].find((few) => ticks.every((tick) => Math.abs(tick * 100 - Number((tick * 100).toFixed(few))) < 1e-9)) ?? 5;
  return (share) => `${(share * 100).toFixed(digits)}\u202f%`;
}

/** A few of many, so that a small picture stays small: every part is told by its last one. */
export function thinned<Item>(items: readonly Item[], most: number): Item[] {
  if (items.length <= most) return [...items];
  return Array.from({ length: most }, (_, part) => items[Math.ceil(((part + 1) * items.length) / most) - 1]).filter((each) => each !== undefined);
}
