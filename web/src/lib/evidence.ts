/** What a model card says, read with care: a card is a file that a program wrote. Pure. */

type Read = Record<string, unknown>;

const isRecord = (value: unknown): value is Read => typeof value === "object" && value !== null && !Array.isArray(value);
const numberOf = (value: unknown): number | null => (typeof value === "number" && Number.isFinite(value) ? value : null);
const textOf = (value: unknown): string => (typeof value === "string" ? value : typeof value === "number" ? String(value) : "");
const rowsOf = (value: unknown): Read[] => (Array.isArray(value) ? value.filter(isRecord) : []);
const within = (value: unknown, ...path: string[]): unknown => path.reduce<unknown>((found, key) => (isRecord(found) ? found[key] : undefined), value);

/** The first of several names that has a number. */
const numberIn = (value: Read, ...names: string[]): number | null => names.map((name) => numberOf(value[name])).find((each) => each !== null) ?? null;

export type Figures = Record<string, number | null>;

/** The evidence of a version, and what only its card says. */
export function evidenceOf({ evidence, card }: { evidence: Read; card: Read }): Read {
  return { ...card, ...Object.fromEntries(Object.entries(evidence).filter(([, value]) => value !== null)) };
}

/** Numbers by name: those of the test examples where a card has several splits. */
export function figuresOf(value: unknown): Figures {
  const found = isRecord(within(value, "test")) ? within(value, "test") : value;
  if (!isRecord(found)) return {};
  return Object.fromEntries(Object.entries(found).map(([name, each]) => [name, numberOf(each)] as const).filter(([, each]) => each !== null));
}

export interface ClassFigures {
  label: string;
  precision: number | null;
  recall: number | null;
  f1: number | null;
  support: number | null;
}

/** How good each label is, the weakest first. */
export function classesOf(evidence: Read): ClassFigures[] {
  const found = rowsOf(evidence["perClass"]).map((row) => ({
    label: textOf(row["label"]),
    precision: numberOf(row["precision"]),
    recall: numberOf(row["recall"]),
    f1: numberOf(row["f1"]),
    support: numberIn(row, "support", "examples", "count"),
  }));
  return found.sort((a, b) => (a.f1 ?? 1) - (b.f1 ?? 1));
}

export interface Confused {
  expected: string;
  given: string;
  count: number;
}

/** The pairs that are taken for each other, most often first. */
export function confusionsOf(evidence: Read): Confused[] {
  const rows = rowsOf(evidence["confused"]);
  return rows
    .map((row) => ({ expected: textOf(row["expected"]), given: textOf(row["said"]), count: numberOf(row["count"]) ?? 0 }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
}

/** A slice of fewer examples says nothing: an interval of one example is as wide as a point. */
export const TELLING = 5;

export interface Slice {
  name: string;
  accuracy: number | null;
  examples: number | null;
}

/** `length: 5-8 words`. */
const sliceName = (row: Read): string => [textOf(row["slice"]), textOf(row["value"])].filter(Boolean).join(": ");

export const slicesOf = (evidence: Read): Slice[] =>
  rowsOf(evidence["slices"]).map((row) => ({ name: sliceName(row), accuracy: numberOf(row["accuracy"]), examples: numberOf(row["examples"]) }));

/** One bin of a reliability diagram. */
export interface Bin {
  confidence: number;
  accuracy: number;
  count: number;
}

export interface Calibration {
  /** How far off its confidence is on average. */
  error: number | null;
  bins: Bin[];
}

export function calibrationOf(evidence: Read): Calibration | null {
  const found = evidence["calibration"];
  if (!isRecord(found)) return null;
  const bins = rowsOf(found["bins"]).flatMap((row) => {
    const [confidence, accuracy, count] = [numberOf(row["confidence"]), numberOf(row["accuracy"]), numberIn(row, "examples", "count")];
    return confidence === null || accuracy === null || !count ? [] : [{ confidence, accuracy, count }];
  });
  return { error: numberIn(found, "error", "ece"), bins };
}

export interface Latency {
  p50: number | null;
  p95: number | null;
}

/** In milliseconds for one example. */
export function latencyOf(value: unknown): Latency | null {
  return isRecord(value) ? { p50: numberIn(value, "p50Ms", "p50"), p95: numberIn(value, "p95Ms", "p95") } : null;
}

export interface LabelNoise {
  suspected: number;
  share: number | null;
}

export function labelNoiseOf(evidence: Read): LabelNoise | null {
  const found = evidence["labelNoise"];
  if (!isRecord(found)) return null;
  const suspected = numberIn(found, "suspected", "suspects", "count");
  return suspected === null ? null : { suspected, share: numberIn(found, "share", "rate") };
}

/** What it was made with, by name. */
export function environmentOf(evidence: Read): Record<string, string> {
  const found = evidence["environment"];
  if (!isRecord(found)) return {};
  const flat = Object.entries(found).flatMap(([name, value]) => (isRecord(value) ? Object.entries(value) : [[name, value] as const]));
  return Object.fromEntries(flat.map(([name, value]) => [name, textOf(value)] as const).filter(([, value]) => value !== ""));
}

export interface Moved {
  name: string;
  champion: number | null;
  challenger: number | null;
  difference: number;
  low: number | null;
  high: number | null;
  examples: number | null;
}

export interface Versus {
  metrics: Moved[];
  slices: Moved[];
  pValue: number | null;
  examples: number | null;
  latency: { champion: Latency | null; challenger: Latency | null };
}

/** A challenger beside the champion on the same examples. */
export function versusOf(comparison: Read | null): Versus | null {
  if (comparison === null) return null;
  const metrics = within(comparison, "metrics");
  return {
    metrics: isRecord(metrics) ? Object.entries(metrics).flatMap(([name, row]) => movedOf(name, row)) : [],
    slices: rowsOf(comparison["slices"]).flatMap((row) => movedOf(sliceName(row), row)),
    pValue: numberOf(within(comparison, "mcnemar", "pValue")),
    examples: numberOf(comparison["examples"]),
    latency: { champion: latencyOf(within(comparison, "latency", "champion")), challenger: latencyOf(within(comparison, "latency", "challenger")) },
  };
}

function movedOf(name: string, row: unknown): Moved[] {
  if (!isRecord(row)) return [];
  const difference = numberOf(row["difference"]);
  if (difference === null) return [];
  return [
    {
      name,
      difference,
      champion: numberOf(row["champion"]),
      challenger: numberOf(row["challenger"]),
      low: numberOf(row["low"]),
      high: numberOf(row["high"]),
      examples: numberOf(row["examples"]),
    },
  ];
}
