import { Facts } from "@/components/facts";
import { plural, points } from "@/lib/format";
import { figure, measure } from "@/lib/measures";

type Read = Record<string, unknown>;

const isRecord = (value: unknown): value is Read => typeof value === "object" && value !== null && !Array.isArray(value);

/** What a decision rests on, line by line: numbers as they are read, lists as how long they are. */
export function linesOf(evidence: Read, before = ""): [string, string][] {
  const { low, high, ...told } = evidence;
  if (typeof low !== "number" || typeof high !== "number") return withoutIntervals(evidence, before);
  // An interval belongs to the difference, or to the first number beside it.
  const of = "difference" in told ? "difference" : Object.keys(told).find((name) => typeof told[name] === "number");
  return Object.entries(told).flatMap(([name, value]): [string, string][] => {
    if (name !== of || typeof value !== "number") return withoutIntervals({ [name]: value }, before);
    const read = name === "difference" ? points : (each: number) => figure(name, each);
    return [[calledBy(name, before), `${read(value)} (${read(low)} to ${read(high)})`]];
  });
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
