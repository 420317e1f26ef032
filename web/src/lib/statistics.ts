/** How much a share can be trusted. */

const Z95 = 1.959964;

export interface Interval {
  low: number;
  high: number;
}

/** The 95 % score interval of a share (Wilson 1927, JASA 22:209). */
export function wilson(successes: number, total: number): Interval {
  if (total === 0) return { low: 0, high: 1 };
  const share = successes / total;
  const z2 = Z95 * Z95;
  const middle = (share + z2 / (2 * total)) / (1 + z2 / total);
  const half = (Z95 / (1 + z2 / total)) * Math.sqrt((share * (1 - share)) / total + z2 / (4 * total * total));
  return { low: successes === 0 ? 0 : middle - half, high: successes === total ? 1 : middle + half };
}

interface Sample {
  successes: number;
  total: number;
}

/** Whether the share rose by more than chance explains: pooled two-proportion z test, one-sided at 0.5 %. */
export function rose(now: Sample, before: Sample): boolean {
  if (now.total === 0 || before.total === 0) return false;
  const pooled = (now.successes + before.successes) / (now.total + before.total);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / now.total + 1 / before.total));
  return error > 0 && (now.successes / now.total - before.successes / before.total) / error > 2.576;
}
