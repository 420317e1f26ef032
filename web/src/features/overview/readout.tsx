import type { ReactNode } from "react";

import type { Bin } from "./bins";

import { duration, orDash, plural, rate, usd } from "@/lib/format";


/** Everything about one bar, in words. */
export function describe(bin: Bin): string {
  if (bin.requests === 0) return "no requests";
  return [
    `${rate(bin.requests / bin.seconds)} requests per second`,
    plural(bin.errors, "failure"),
    `half within ${orDash(bin.p50Ms, duration)}, 95 % within ${orDash(bin.p95Ms, duration)}, 99 % within ${orDash(bin.p99Ms, duration)}`,
    `cost ${usd(bin.costUsd)}`,
  ].join("; ");
}

interface Props {
  bins: Bin[];
  index: number | null;
  /** What stands there while nothing is pointed at. */
  otherwise: ReactNode;
  children: (bin: Bin) => ReactNode;
}

/** The values at the cursor: always in the same place, so that the eye need not follow. */
export function Readout({ bins, index, otherwise, children }: Props) {
  const bin = index === null ? undefined : bins[index];
  if (!bin) return otherwise;
  return <span className="text-ink">{children(bin)}</span>;
}

/** A value with the colour of its mark and its name. */
export function Value({ mark, children }: { mark?: string; children: ReactNode }) {
  return (
    <span className="ml-3 inline-flex items-baseline gap-1.5 first:ml-0">
      {mark && <span aria-hidden="true" className={`size-2 self-center rounded-full ${mark}`} />}
      {children}
    </span>
  );
}
