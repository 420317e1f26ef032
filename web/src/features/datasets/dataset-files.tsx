import { at } from "./queries";
import type { DatasetRead } from "./shapes";

import { signed } from "@/api/client";
import { refusal } from "@/api/errors";
import { ExportMenu } from "@/components/export-menu";
import { plural } from "@/lib/format";

const FORMATS = [
  { format: "jsonl", label: "JSON lines", ending: "jsonl" },
  { format: "json", label: "JSON", ending: "json" },
  { format: "csv", label: "CSV", ending: "csv" },
  { format: "parquet", label: "Parquet", ending: "parquet" },
  { format: "openai", label: "OpenAI chat", ending: "openai.jsonl" },
  { format: "hf", label: "Hugging Face chat", ending: "hf.jsonl" },
] as const;

interface Props {
  dataset: DatasetRead;
  /** A frozen version; without one, the examples as they are now. */
  version?: number;
}

/** A dataset, or one version of it, as a file. */
export function DatasetFiles({ dataset, version }: Props) {
  const { id, name, examples, rejected } = dataset;

  async function file(format: string): Promise<Blob> {
    const asked = new URLSearchParams({ format, ...(version !== undefined && { version: String(version) }) });
    const response = await signed({ method: "GET", path: `${at(id, "export")}?${asked.toString()}` });
    if (!response.ok) throw await refusal(response);
    return response.blob();
  }

  const stem = version === undefined ? name : `${name}-v${version}`;
  return (
    <ExportMenu
      of={version === undefined ? `The ${plural(examples - rejected, "example")} that are not rejected, as they are now, with state, source and quality.` : `What version ${version} holds, the same on every day.`}
      formats={FORMATS.map(({ format, label, ending }) => ({ label, file: `${stem}.${ending}`, fetch: () => file(format) }))}
    />
  );
}
