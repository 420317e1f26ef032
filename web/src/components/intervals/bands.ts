/** Arithmetic of intervals over time. Pure. */

import { nearest, type Point } from "@/components/curves/points";
import { shortTime } from "@/lib/time";

export interface BandPoint extends Point {
  low: number;
  high: number;
}

/** One difference over time; `x` is a moment in ms, points are in its order. */
export interface Band {
  name: string;
  colour: string;
  points: readonly BandPoint[];
}

/** From this part of the course on everything is shown whole: what is known in the beginning is next to nothing. */
const SETTLED = 0.4;

/** The least and the most that is drawn; zero is always in sight. */
export function boundsOf(bands: readonly Band[]): [number, number] {
  const settled = bands.flatMap(({ points }) => points.slice(Math.floor(points.length * SETTLED)));
  const values = [0, ...settled.flatMap(({ low, high }) => [low, high])];
  return [Math.min(...values), Math.max(...values)];
}

/** One moment in words. */
export function describe(bands: readonly Band[], at: number, format: (value: number) => string): string {
  const told = bands.flatMap(({ name, points }) => {
    const point = nearest(points, at) as BandPoint | null;
    return point ? [`${name} ${format(point.y)}, ${format(point.low)} to ${format(point.high)}`] : [];
  });
  return [shortTime(at), ...told].join("; ");
}
