/** Arithmetic of curves over steps that are not evenly spaced. Pure. */

export interface Point {
  x: number;
  y: number;
}

export interface Series {
  name: string;
  colour: string;
  points: readonly Point[];
  dashed?: boolean;
  /** Values that are no course: each stands for itself. */
  dots?: boolean;
}

/** More positions than this cannot be told apart on a screen. */
const MOST_POSITIONS = 240;

/** Values of an axis that people can read a height by, around everything that is shown. */
export function niceTicks(low: number, high: number, share: boolean): number[] {
  const room = high - low || Math.abs(high) * 0.1 || 1;
  const power = 10 ** Math.floor(Math.log10(room / 3));
  const step = [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => room / each <= 4) ?? room;
  const below = Math.floor(low / step + 1e-9);
  const above = Math.max(below + 1, Math.ceil(high / step - 1e-9));
  // Where all shares are one, the line lies at the top and not at the bottom.
  const last = share ? Math.min(above, Math.round(1 / step)) : above;
  const first = share ? Math.max(0, Math.min(below, last - 1)) : below;
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** Evenly spaced places that a cursor stops at: as many as there are different steps. */
export function positions(series: readonly Series[]): number[] {
  const steps = new Set(series.flatMap(({ points }) => points.map(({ x }) => x)));
  if (steps.size < 2) return [...steps];
  const [low, high] = extent([...steps]);
  const count = Math.min(MOST_POSITIONS, steps.size);
  return Array.from({ length: count }, (_, index) => low + ((high - low) * index) / (count - 1));
}

export function extent(values: readonly number[]): [number, number] {
  return [values.reduce((least, each) => Math.min(least, each), Infinity), values.reduce((most, each) => Math.max(most, each), -Infinity)];
}

/** The point of a curve next to a place; points are in the order of their steps. */
export function nearest(points: readonly Point[], x: number): Point | null {
  let low = 0;
  let high = points.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.x ?? 0) < x) low = middle + 1;
    else high = middle;
  }
  const [before, after] = [points[low - 1], points[low]];
  if (!before || !after) return after ?? before ?? null;
  return x - before.x <= after.x - x ? before : after;
}

/** A line as a path; a lone point is a dot. */
export function pathOf(points: readonly Point[], x: (value: number) => number, y: (value: number) => number): string {
  return points.map((point, index) => `${index === 0 ? "M" : "L"}${x(point.x).toFixed(1)} ${y(point.y).toFixed(1)}${points.length === 1 ? "h0" : ""}`).join("");
}
