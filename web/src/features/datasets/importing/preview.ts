import { csvRows } from "./csv";
import { isRecord, objectIn, type Format } from "./detect";

/** The first rows of a file before it is sent: what is in them, and what will be refused. */
export interface Preview {
  rows: PreviewRow[];
  /** Why nothing is shown, in words. */
  note: string | null;
}

export interface PreviewRow {
  line: number;
  input: string;
  output: string;
  /** Why it will be refused. */
  fault: string | null;
}

const SHOWN = 5;

/** In a chat the last answer is the output. */
const CHATS = ["messages", "conversations", "conversation"];

/** What a column may be called, as the server takes it. */
const INPUTS = ["input", "text", "question", "prompt", "query", "utterance", "sentence", "input_text", "inputText", "instruction", "full_text", "messages", "conversations", "conversation"];
const OUTPUTS = ["output", "label", "intent", "category", "answer", "response", "completion", "entities", "spans", "expected_output", "expectedOutput", "target", "chosen", "preferred_output"];

const saying = (message: Record<string, unknown>) => `${shown(message["role"] ?? message["from"])}: ${shown(message["content"] ?? message["value"])}`;

function shown(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((each) => isRecord(each) && ("content" in each || "value" in each))) return value.map(saying).join(" · ");
  return JSON.stringify(value);
}

const first = (row: Record<string, unknown>, names: readonly string[]) => names.map((name) => row[name]).find((value) => value !== undefined && value !== null);

function rowOf(line: number, row: Record<string, unknown> | null): PreviewRow {
  if (row === null) return { line, input: "", output: "", fault: "This line is no JSON object." };
  const [input, output] = [shown(first(row, INPUTS)), shown(first(row, OUTPUTS))];
  const fault = input === "" ? `It has no input: name the column one of ${INPUTS.slice(0, 5).join(", ")}.` : output === "" && !first(row, CHATS) ? `It has no output: name the column one of ${OUTPUTS.slice(0, 6).join(", ")}.` : null;
  return { line, input, output, fault };
}

/** Text of which only the beginning is known ends somewhere: its last line may be cut. */
const linesOf = (text: string, whole: boolean) => (whole ? text.split("\n") : text.split("\n").slice(0, -1));

function jsonRows(text: string): Preview {
  try {
    const value: unknown = JSON.parse(text);
    const list = Array.isArray(value) ? value : isRecord(value) ? (Object.values(value).find((each) => Array.isArray(each)) ?? [value]) : [];
    return { rows: list.slice(0, SHOWN).map((each, index) => rowOf(index + 1, isRecord(each) ? each : null)), note: null };
  } catch {
    return { rows: [], note: "This is no JSON." };
  }
}

/** Reads the first rows; `whole` tells whether the text is all of the file. */
export function preview(format: Format, text: string, whole: boolean): Preview {
  if (format === "parquet") return { rows: [], note: "The server reads the columns; the first rows are not shown here." };
  if (format === "json") return whole ? jsonRows(text) : { rows: [], note: "A large JSON file is read by the server; JSON lines show their first rows here." };
  if (format === "csv") {
    const [head = [], ...rest] = csvRows(text, SHOWN + 1);
    const names = head.map((name) => name.trim());
    return { rows: rest.map((fields, index) => rowOf(index + 2, Object.fromEntries(names.map((name, place) => [name, fields[place] ?? ""])))), note: null };
  }
  const lines = linesOf(text, whole)
    .map((line, index) => [index + 1, line] as const)
    .filter(([, line]) => line.trim() !== "");
  return { rows: lines.slice(0, SHOWN).map(([line, each]) => rowOf(line, objectIn(each))), note: null };
}
