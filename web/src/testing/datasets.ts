import type { CheckRead, DatasetRead, DatasetVersionRead, ExampleRead, FindingRead, Imported, DatasetStatistics, Compared } from "@/api/schema.gen";

/** Example datasets, the same on every run. Every part can be replaced. */

const AT = Date.parse("2026-06-12T10:00:41Z");
const at = (hours: number) => new Date(AT + hours * 3_600_000).toISOString();
const id = (kind: string, number: number) => `${kind}_01k9f3m00000000000000000${String(number).padStart(2, "0")}`;

export function dataset(parts: Partial<DatasetRead> = {}): DatasetRead {
  return {
    id: id("ds", 1),
    name: "tickets",
    kind: "intent",
    description: "What guests write before an event.",
    collects: ["ticket-classifier"],
    trusted: [],
    retentionDays: null,
    examples: 1252,
    pending: 38,
    validated: 1204,
    rejected: 10,
    labels: 6,
    averageQuality: 0.93,
    findings: 7,
    version: 3,
    createdBy: "person_01",
    createdAt: at(-900),
    updatedAt: at(-0.2),
    ...parts,
  };
}

const nothing = { examples: 0, pending: 0, validated: 0, rejected: 0, labels: 0, averageQuality: null, findings: 0, version: null };

export const emptyDataset = (): DatasetRead => dataset({ id: id("ds", 2), name: "menus", description: "", collects: [], ...nothing });

export const datasets = (): DatasetRead[] => [
  dataset(),
  dataset({ id: id("ds", 3), name: "booking-details", kind: "entity", collects: ["detail-finder", "assistant"], examples: 820, validated: 812, pending: 8, rejected: 0, labels: 0, averageQuality: 0.88, findings: 0, version: 1, updatedAt: at(-30) }),
  dataset({ id: id("ds", 4), name: "approved-answers", kind: "response", collects: ["assistant"], examples: 96, validated: 96, pending: 0, rejected: 0, labels: 0, averageQuality: 0.97, findings: 0, version: null, updatedAt: at(-200) }),
  emptyDataset(),
];

export function example(number: number, parts: Partial<ExampleRead> = {}): ExampleRead {
  return {
    id: id("ex", number),
    input: "Can we reserve the barn for a wedding on the second Saturday in June?",
    output: "booking",
    label: "booking",
    source: "user",
    quality: 0.9,
    reasons: [{ name: "source", factor: 0.9, words: "It was made by a program or told by a user, and nobody has looked at it." }],
    weight: 0.95,
    status: "pending",
    split: null,
    reviewer: null,
    reviewedAt: null,
    reason: null,
    findings: [],
    lineage: { operation: id("op", number), conversation: "conversation-7", feedback: id("fb", number), parent: null, knowledge: null, file: null, line: null, user: "guest-42" },
    versions: [],
    history: [],
    createdAt: at(-number),
    updatedAt: at(-number),
    ...parts,
  };
}

const imported = { operation: null, conversation: null, feedback: null, parent: null, knowledge: null, file: "guests.csv", line: 12, user: null };
const approved: Partial<ExampleRead> = { status: "validated", quality: 1, reasons: [], reviewer: "person_01", reviewedAt: at(-2), split: "train", versions: [3, 2] };

export const examples = (): ExampleRead[] => [
  example(1),
  example(2, { input: "Hello, please send the invoice for our wedding again", findings: ["labels"], quality: 0.72 }),
  example(3, { input: "Where do we park the coach?", output: "directions", label: "directions", source: "expert", lineage: imported, ...approved }),
  example(4, { input: "Our event will not take place, can we get the deposit back?", output: "cancellation", label: "cancellation", source: "expert", lineage: imported, ...approved, split: "test" }),
  example(5, { input: "Good morning, mail the receipt to jo.doe@example.org or ring +44 20 7946 0123", output: "invoice", label: "invoice", source: "automated", quality: 0.48, findings: ["pii"] }),
  example(6, { input: "asdf asdf", output: "catering", label: "catering", status: "rejected", reason: "No message at all.", reviewer: "person_01", quality: 0.27 }),
];

export const withheld = (): ExampleRead[] => examples().map((one) => ({ ...one, input: null, output: null }));

export const entityExample = (): ExampleRead =>
  example(7, {
    input: "A table for eight 🎉 on 14 June in the garden",
    label: null,
    output: [
      { start: 12, end: 17, label: "guests" },
      { start: 23, end: 30, label: "date" },
      { start: 38, end: 44, label: "room" },
    ],
  });

export function finding(number: number, parts: Partial<FindingRead> = {}): FindingRead {
  return {
    id: id("fi", number),
    kind: "duplicates",
    score: 0.97,
    suggestion: "merge",
    label: null,
    reason: "They say the same but for the greeting.",
    details: null,
    state: "open",
    examples: [example(1), example(8, { input: "Hi, can we reserve the barn for a wedding on the second Saturday in June", lineage: imported, ...approved })],
    decidedBy: null,
    decidedAt: null,
    createdAt: at(-1),
    ...parts,
  };
}

export const findings = (): FindingRead[] => [
  finding(1),
  finding(2, { kind: "labels", suggestion: "relabel", label: "invoice", score: 0.94, reason: "A model that was trained on the rest calls it invoice.", examples: [example(2, { input: "Hello, please send the invoice for our wedding again" })] }),
  finding(3, { kind: "pii", suggestion: "redact", score: 0.9, reason: "It holds email, phone.", details: { input: [{ kind: "email", start: 31, end: 49 }, { kind: "phone", start: 58, end: 74 }] }, examples: [example(5, { input: "Good morning, mail the receipt to jo.doe@example.org or ring +44 20 7946 0123" })] }),
  finding(4, { kind: "leakage", suggestion: "drop", score: 0.99, reason: "One is trained on, the other tests.", examples: [example(9, approved), example(10, { ...approved, split: "test" })] }),
  finding(5, { kind: "contradictions", suggestion: "review", score: 1, reason: "The same input has two outputs.", examples: [example(11), example(12, { output: "invoice", label: "invoice" })] }),
  finding(6, { kind: "outliers", suggestion: "drop", score: 0.71, reason: "It is unlike every other of its label.", examples: [example(6)] }),
];

export function check(parts: Partial<CheckRead> = {}): CheckRead {
  return {
    id: id("chk", 1),
    kinds: ["duplicates", "labels", "leakage", "pii", "outliers"],
    state: "done",
    stage: "done",
    progress: 1,
    summary: { duplicates: 3, labels: 2, pii: 1 },
    error: null,
    startedBy: "person_01",
    startedAt: at(-1.1),
    endsBy: at(-0.1),
    finishedAt: at(-1),
    ...parts,
  };
}

export function statistics(parts: Partial<DatasetStatistics> = {}): DatasetStatistics {
  return {
    total: 1252,
    byStatus: { pending: 38, validated: 1204, rejected: 10 },
    bySource: { user: 402, expert: 790, automated: 60 },
    byLabel: { booking: 402, invoice: 311, directions: 240, cancellation: 180, catering: 102, "lost and found": 7 },
    averageQuality: 0.93,
    qualityHistogram: [0, 0, 4, 6, 11, 30, 64, 118, 304, 715],
    duplicates: 3,
    merged: 21,
    needsReview: 38,
    findings: { duplicates: 3, contradictions: 0, labels: 2, leakage: 0, pii: 1, outliers: 1 },
    ...parts,
  };
}

export const importedFile = (parts: Partial<Imported> = {}): Imported => ({
  dataset: id("ds", 1),
  file: "guests.csv",
  lines: 50,
  added: 44,
  duplicates: 3,
  contradictions: 1,
  refused: 3,
  problems: [
    { line: 7, reason: "It has no output: name the column one of output, label, intent, category, answer, response." },
    { line: 23, reason: "The input is empty." },
    { line: 41, reason: "Its split is 'holdout'; it may be train, validation, test." },
  ],
  ...parts,
});

export function datasetVersion(number: number, parts: Partial<DatasetVersionRead> = {}): DatasetVersionRead {
  return {
    id: id("dv", number),
    dataset: id("ds", 1),
    datasetName: "tickets",
    kind: "intent",
    number,
    note: ["first import", "after the March review", "with what guests corrected in May"][number - 1] ?? "",
    digest: `${String(number)}f8c1d09a7b3e5f2c6d4a8b9e0f1c2d3a4b5c6d7e8f9a0b1c2d3e4f5a6b7c8d9`,
    examples: 980 + number * 60,
    bytes: 214_000,
    manifest: {
      splits: { train: 784 + number * 48, validation: 98 + number * 6, test: 98 + number * 6 },
      labels: { booking: 400, invoice: 300, directions: 240, cancellation: 120, catering: 100 },
      sources: { user: 390, expert: 750, automated: 20 },
      entities: {},
      groups: 1003,
      averageQuality: 0.95,
      asked: { minQuality: 0.5, seed: 7, groupBy: "conversation", splits: { train: 0.8, validation: 0.1, test: 0.1 }, statuses: ["validated"] },
      tornGroups: 0,
      withheld: 0,
      lineage: { before: number === 1 ? null : { number: number - 1, digest: "0a" }, files: ["guests.csv"], feedback: 390, operations: 390, augmented: 20, reviewed: 1100 },
    },
    erasures: [],
    available: true,
    createdBy: "person_01",
    createdAt: at(-24 * (4 - number) * 20),
    ...parts,
  };
}

export const compared = (parts: Partial<Compared> = {}): Compared => ({
  a: 2,
  b: 3,
  same: 1090,
  added: 66,
  removed: 6,
  relabelled: 4,
  moved: 0,
  labels: { booking: [380, 400], invoice: [281, 300], directions: [221, 240], catering: [104, 100] },
  examples: {
    added: [{ input: "How late can dinner be served?", before: null, after: "catering" }],
    removed: [{ input: "asdf asdf", before: "catering", after: null }],
    relabelled: [{ input: "Hello, please send the invoice for our wedding again", before: "booking", after: "invoice" }],
  },
  ...parts,
});
