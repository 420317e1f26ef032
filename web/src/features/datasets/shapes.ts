/** What the API says of datasets; what it leaves open because it differs by kind is said here. */
import type {
  Compared,
  ComparedExample as ComparedExampleSaid,
  CheckRead as CheckSaid,
  DatasetRead,
  ExampleRead as ExampleSaid,
  FindingRead as FindingSaid,
  DatasetStatistics,
} from "@/api/schema.gen";

export type { DatasetRead, DatasetVersionRead as VersionRead, Imported as ImportedRead } from "@/api/schema.gen";

export type Kind = DatasetRead["kind"];
export type Status = ExampleSaid["status"];
export type Source = ExampleSaid["source"];
export type Split = NonNullable<ExampleSaid["split"]>;
export type FindingKind = FindingSaid["kind"];

/** A part of a text that has a name; places count characters, not UTF-16 units. */
export interface Span {
  start: number;
  end: number;
  label: string;
}

interface Message {
  role: string;
  content?: unknown;
}

/** A text or messages; null without the permission to read contents. */
export type Input = string | Message[] | null;
/** A label or an answer, entities, or the better and the worse answer. */
export type Output = string | Span[] | { chosen: string; rejected: string } | null;

export type ExampleRead = Omit<ExampleSaid, "input" | "output"> & { input: Input; output: Output };
export type FindingRead = Omit<FindingSaid, "examples"> & { examples: ExampleRead[] };
export type CheckRead = Omit<CheckSaid, "error"> & { error: { message?: string } | null };

type Counted<Name extends string> = Partial<Record<Name, number>>;

export type StatisticsRead = Omit<DatasetStatistics, "byStatus" | "bySource" | "findings"> & {
  byStatus: Counted<Status>;
  bySource: Counted<Source>;
  findings: Counted<FindingKind>;
};

export type ComparedExample = Omit<ComparedExampleSaid, "input" | "before" | "after"> & { input: Input; before: Output; after: Output };
export type ComparedRead = Omit<Compared, "examples"> & { examples: Partial<Record<"added" | "removed" | "relabelled", ComparedExample[]>> };
