/** Just enough arithmetic to draw axes. */

export type Scale = (value: number) => number;

export function linear(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const [d0, d1] = domain;
  const [r0, r1] = range;
  const span = d1 - d0 || 1;
  return (value) => r0 + ((value - d0) / span) * (r1 - r0);
}

/** The next round number at or above a value, in steps that split into round halves. */
export function niceCeiling(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 4, 6, 8, 10].find((candidate) => value <= candidate * power * (1 + 1e-9)) ?? 10;
  return step * power;
}

/** Lays labels out so that none overlaps: each as near to its place as `gap` allows, within `top` and `bottom`. */
export function spread(places: readonly number[], gap: number, top: number, bottom: number): number[] {
  const order = places.map((_, index) => index).sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0));
  const result = [...places];
  let limit = top;
  for (const index of order) {
    const place = Math.max(places[index] ?? 0, limit);
    result[index] = place;
    limit = place + gap;
  }
  let floor = bottom;
  for (const index of order.reverse()) {
    const place = Math.min(result[index] ?? 0, floor);
    result[index] = place;
    floor = place - gap;
  }
  return result;
}
