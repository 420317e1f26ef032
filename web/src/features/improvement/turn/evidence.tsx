import { Facts } from "@/components/facts";
import { percentExact, plural, points } from "@/lib/format";
import { figure, measure } from "@/lib/measures";
import { outcomeChange, outcomeInterval, outcomeName, OUTCOMES, outcomeValue } from "@/lib/outcomes";

type Read = Record<string, unknown>;

const isRecord = (value: unknown): value is Read => typeof value === "object" && value !== null && !Array.isArray(value);

/** What a decision rests on, line by line: numbers as they are read, lists as how long they are. */
export function linesOf(evidence: Read, before = ""): [string, string][] {
  const { low, high, ...told } = evidence;
  if (typeof told["metric"] === "string" && Object.hasOwn(OUTCOMES, told["metric"])) return ofComparison(told["metric"], evidence);
  if (typeof low !== "number" || typeof high !== "number") return withoutIntervals(evidence, before);
  // An interval belongs to the difference, or to the first number beside it.
  const of = "difference" in told ? "difference" : Object.keys(told).find((name) => typeof told[name] === "number");
  return Object.entries(told).flatMap(([name, value]): [string, string][] => {
    if (name !== of || typeof value !== "number") return withoutIntervals({ [name]: value }, before);
    const read = name === "difference" ? points : (each: number) => figure(name, each);
    return [[calledBy(name, before), `${read(value)} (${read(low)} to ${read(high)})`]];
  });
}

/** Two versions side by side: what was measured says how all of its figures are read. */
function ofComparison(metric: string, { live, candidate, difference, low, high, alpha, ...rest }: Read): [string, string][] {
  const arms = Object.entries({ live, candidate }).flatMap(([name, arm]): [string, string][] => {
    if (!isRecord(arm) || typeof arm["mean"] !== "number") return [];
    const of = typeof arm["n"] === "number" ? `, of ${plural(arm["n"], "person or conversation", "people or conversations")}` : "";
    return [[measure(name), `${outcomeValue(metric, arm["mean"])}${of}`]];
  });
  const interval = typeof low === "number" && typeof high === "number" ? ` (${outcomeInterval(metric, low, high)})` : "";
  const change: [string, string][] = typeof difference === "number" ? [["Difference", `${outcomeChange(metric, difference)}${interval}`]] : [];
  const sure: [string, string][] = typeof alpha === "number" ? [["False alarms", `in ${percentExact(alpha)} at most`]] : [];
  return [...linesOf({ ...rest, metric: outcomeName(metric) }), ...arms, ...change, ...sure];
}

const calledBy = (name: string, before: string): string => (before === "" ? measure(name) : `${before}, ${measure(name).toLowerCase()}`);

function withoutIntervals(evidence: Read, before: string): [string, string][] {
  return Object.entries(evidence).flatMap(([name, value]): [string, string][] => {
    const called = calledBy(name, before);
    if (typeof value === "number") return [[called, figure(name, value)]];
    if (typeof value === "boolean") return [[called, value ? "yes" : "no"]];
    if (typeof value === "string") return value === "" ? [] : [[called, value]];
    if (Array.isArray(value)) return wordsOf(called, value);
    return isRecord(value) ? linesOf(value, called) : [];
  });
}

/** A list of things that say themselves in words is told; any other is counted. */
function wordsOf(called: string, list: unknown[]): [string, string][] {
  const words = list.flatMap((each) => (typeof each === "string" ? [each] : isRecord(each) && typeof each["words"] === "string" ? [each["words"]] : []));
  if (list.length === 0) return [];
  return [[called, words.length === list.length ? words.join(" ") : plural(list.length, "entry", "entries")]];
}

const MOST = 14;

export function EvidenceSection({ evidence, title }: { evidence: Read; title: string }) {
  const lines = linesOf(evidence).slice(0, MOST);
  if (lines.length === 0) return null;
  return (
    <section aria-label={title}>
      <h2 className="text-base font-semibold">{title}</h2>
      <Facts facts={Object.fromEntries(lines)} />
    </section>
  );
}
