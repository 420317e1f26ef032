import type { Bin } from "./bins";
import { Readout, Value } from "./readout";

import { Band, Bars, EndLabels, Line } from "@/components/timeline/marks";
import type { Panel } from "@/components/timeline/timeline";
import { duration, orDash, plural, rate, usd, usdAxis } from "@/lib/format";
import { niceCeiling } from "@/lib/scale";


const highest = (bins: Bin[], of: (bin: Bin) => number) => niceCeiling(Math.max(...bins.map(of)));
const tick = (value: number) => value.toLocaleString("en-GB", { maximumSignificantDigits: 3 });
const durationTick = (value: number) => (value === 0 ? "0" : value >= 1000 ? `${tick(value / 1000)} s` : `${tick(value)} ms`);

/** The newest bar is still filling: it is drawn paler. */
const filling = (bins: Bin[], index: number) => index === bins.length - 1;

export function trafficPanel(bins: Bin[]): Panel {
  const all = (bin: Bin) => bin.requests / bin.seconds;
  const failed = (bin: Bin) => bin.errors / bin.seconds;
  const answered = (index: number, wanted: boolean) => {
    const bin = bins[index];
    return bin && filling(bins, index) === wanted ? ([failed(bin), all(bin)] as const) : null;
  };
  return {
    title: "Requests per second",
    height: 132,
    max: highest(bins, all),
    format: tick,
    readout: (index) => (
      <Readout
        bins={bins}
        index={index}
        otherwise={
          <>
            <Value mark="bg-mark">answered</Value>
            <Value mark="bg-mark-bad">failed</Value>
          </>
        }
      >
        {(bin) => (
          <>
            <Value mark="bg-mark">{rate(all(bin) - failed(bin))}/s answered</Value>
            <Value mark="bg-mark-bad">{rate(failed(bin))}/s failed</Value>
          </>
        )}
      </Readout>
    ),
    marks: (frame) => (
      <>
        <Bars frame={frame} spans={bins} extent={(index) => answered(index, false)} className="fill-mark" />
        <Bars frame={frame} spans={bins} extent={(index) => answered(index, true)} className="fill-mark opacity-50" />
        <Bars frame={frame} spans={bins} extent={(index) => [0, bins[index] ? failed(bins[index]) : 0]} className="fill-mark-bad" least={1} />
      </>
    ),
  };
}

export function latencyPanel(bins: Bin[]): Panel {
  const newest = bins.findLast(({ p95Ms }) => p95Ms !== null);
  const height = 132;
  return {
    title: "Latency",
    height,
    max: highest(bins, ({ p99Ms }) => p99Ms ?? 0),
    format: durationTick,
    readout: (index) => (
      <Readout bins={bins} index={index} otherwise="p50 to p99, p95 bold">
        {(bin) => (
          <>
            <Value>p50 {orDash(bin.p50Ms, duration)}</Value>
            <Value>p95 {orDash(bin.p95Ms, duration)}</Value>
            <Value>p99 {orDash(bin.p99Ms, duration)}</Value>
          </>
        )}
      </Readout>
    ),
    marks: (frame) => (
      <>
        <Band
          frame={frame}
          spans={bins}
          className="fill-mark-soft"
          extent={(index) => {
            const bin = bins[index];
            return bin?.p50Ms != null && bin.p99Ms != null ? [bin.p50Ms, bin.p99Ms] : null;
          }}
        />
        <Line frame={frame} spans={bins} value={(index) => bins[index]?.p99Ms ?? null} className="stroke-mark" strokeWidth={1} />
        <Line frame={frame} spans={bins} value={(index) => bins[index]?.p50Ms ?? null} className="stroke-mark" strokeWidth={1} />
        <Line frame={frame} spans={bins} value={(index) => bins[index]?.p95Ms ?? null} className="stroke-mark" strokeWidth={2.25} />
        <EndLabels
          frame={frame}
          bottom={height - 6}
          labels={[
            { text: "p99", value: newest?.p99Ms ?? null, className: "fill-quiet" },
            { text: "p95", value: newest?.p95Ms ?? null, className: "fill-ink font-semibold" },
            { text: "p50", value: newest?.p50Ms ?? null, className: "fill-quiet" },
          ]}
        />
      </>
    ),
  };
}

export function costPanel(bins: Bin[], binName: string): Panel {
  const spent = (index: number, wanted: boolean) => {
    const bin = bins[index];
    return bin && filling(bins, index) === wanted ? ([0, bin.costUsd] as const) : null;
  };
  const most = Math.max(...bins.map(({ costUsd }) => costUsd));
  return {
    title: binName === "minute" ? "Cost per minute" : `Cost per ${binName}`,
    height: 84,
    max: niceCeiling(most),
    format: usdAxis(most && niceCeiling(most)),
    readout: (index) => (
      <Readout bins={bins} index={index} otherwise={null}>
        {(bin) => (
          <>
            <Value mark="bg-mark-cost">{usd(bin.costUsd)}</Value>
            <Value>{plural(bin.requests, "request")}</Value>
          </>
        )}
      </Readout>
    ),
    marks: (frame) => (
      <>
        <Bars frame={frame} spans={bins} extent={(index) => spent(index, false)} className="fill-mark-cost" />
        <Bars frame={frame} spans={bins} extent={(index) => spent(index, true)} className="fill-mark-cost opacity-50" />
      </>
    ),
  };
}
