/** What kind of file it is, by what it begins with; its name only breaks a tie. */

export const FORMATS = ["jsonl", "json", "csv", "parquet", "openai", "hf"] as const;
export type Format = (typeof FORMATS)[number];

export const formats: Record<Format, string> = {
  jsonl: "JSON lines",
  json: "JSON",
  csv: "CSV",
  parquet: "Parquet",
  openai: "OpenAI chat",
  hf: "Hugging Face chat",
};

type Found = Record<string, unknown>;

export const isRecord = (value: unknown): value is Found => typeof value === "object" && value !== null && !Array.isArray(value);

/** A line as an object; null when it is none. */
export function objectIn(line: string): Found | null {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

/** Whether a row is a chat, and in whose form. */
function chatOf(row: Found): Format | null {
  if (Array.isArray(row["conversations"])) return "hf";
  return Array.isArray(row["messages"]) && !("output" in row) ? "openai" : null;
}

/** The format of a file by its first part and its name; null when it is nothing that can be read. */
export function detect(name: string, head: string): Format | null {
  if (head.startsWith("PAR1")) return "parquet";
  const text = head.replace(/^\uFEFF/, "").trimStart();
  if (text === "" || text.includes("\u0000")) return null;
  if (text.startsWith("[")) return "json";
  return text.startsWith("{") ? ofObjects(name, text) : "csv";
}

/** One object, or one on each line. */
function ofObjects(name: string, text: string): Format {
  const first = objectIn(text.split("\n", 1)[0] ?? "");
  if (first === null) return "json";
  const alone = !text.trimEnd().includes("\n");
  return chatOf(first) ?? (alone && name.toLowerCase().endsWith(".json") ? "json" : "jsonl");
}
