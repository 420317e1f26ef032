import { cn } from "@/lib/cn";

interface Props {
  difference: number;
  low: number | null;
  high: number | null;
  /** The value at either end; zero is in the middle. */
  reach: number;
  /** The interval in words. */
  words: string;
  /** Which side is the good one. */
  better?: "up" | "down";
  className?: string;
}

const tints = {
  better: { line: "stroke-mark", dot: "fill-mark" },
  worse: { line: "stroke-mark-bad", dot: "fill-mark-bad" },
  unclear: { line: "stroke-edge", dot: "fill-edge" },
};

const isClear = (low: number | null, high: number | null): boolean => low !== null && high !== null && (low > 0 || high < 0);

/** The interval of a difference: what lies beside zero is more than chance. */
export function Whisker({ difference, low, high, reach, words, better = "up", className }: Props) {
  // A little room at both ends: what lies there is seen whole.
  const place = (value: number) => `${50 + Math.max(-1, Math.min(1, value / reach)) * 46}%`;
  const { line, dot } = tints[isClear(low, high) ? (difference > 0 === (better === "up") ? "better" : "worse") : "unclear"];
  return (
    <svg role="img" aria-label={words} width="100%" height={20} className={cn("block min-w-20 sm:min-w-28 overflow-visible", className)}>
      <title>{words}</title>
      <line x1="50%" x2="50%" y1={0} y2={20} className="stroke-edge" strokeDasharray="2 2" />
      {low !== null && high !== null && <line x1={place(low)} x2={place(high)} y1={10} y2={10} strokeWidth={3} strokeLinecap="round" className={line} />}
      <circle cx={place(difference)} cy={10} r={4} className={dot} />
    </svg>
  );
}
