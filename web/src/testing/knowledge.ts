import type { KnowledgeRead, TrainingExample } from "@/api/schema.gen";

/** What a dataset knows, and what became of calls in training data; the same on every run. */

const AT = Date.parse("2026-06-12T10:00:41Z");
const at = (hours: number) => new Date(AT + hours * 3_600_000).toISOString();
const id = (kind: string, number: number) => `${kind}_01k9f3m00000000000000000${String(number).padStart(2, "0")}`;

export function knowledge(number: number, parts: Partial<KnowledgeRead> = {}): KnowledgeRead {
  return {
    id: id("kn", number),
    name: "https://www.example.org/help/refunds",
    url: "https://www.example.org/help/refunds",
    everyHours: 24,
    format: "html",
    state: "current",
    problem: null,
    pages: 6,
    checkedAt: at(-1),
    changedAt: at(-50),
    nextAt: at(23),
    createdBy: "person_01",
    createdAt: at(-300),
    ...parts,
  };
}

export const knowledgeSources = (): KnowledgeRead[] => [
  knowledge(1),
  knowledge(2, { name: "house-rules.pdf", url: null, everyHours: null, format: "pdf", pages: 14, checkedAt: at(-90), nextAt: null }),
  knowledge(3, { name: "Opening hours", url: "https://www.example.org/hours", state: "failed", problem: "It answered 404.", pages: 2, nextAt: at(0.2) }),
  knowledge(4, { name: "https://www.example.org/faq", url: "https://www.example.org/faq", state: "waiting", format: null, pages: 0, checkedAt: null, changedAt: null, nextAt: at(0) }),
];

export const trainingExample = (parts: Partial<TrainingExample> = {}): TrainingExample => ({
  id: id("ex", 1),
  dataset: "tickets",
  datasetId: id("ds", 1),
  input: "Can we reserve the barn?",
  expectedOutput: "booking",
  label: "booking",
  source: "user",
  qualityScore: 0.9,
  weight: 0.95,
  validationStatus: "validated",
  reviewedBy: "person_01",
  operationId: id("op", 1),
  feedbackId: id("fb", 1),
  conversationId: "conversation-7",
  versions: [3, 2],
  createdAt: at(-1),
  ...parts,
});
