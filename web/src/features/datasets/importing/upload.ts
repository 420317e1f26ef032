import { at } from "../queries";
import type { ImportedRead } from "../shapes";

import type { Format } from "./detect";

import { sendFile } from "@/api/send-file";

/** Approved as they are, or waiting for somebody to look at them. */
export type Counting = "validated" | "pending";

interface Options {
  /** What the file is called: lineage tells it. */
  file?: string;
  /** What lines count as that do not say so themselves. */
  status?: Counting;
  onProgress?: (share: number) => void;
  signal?: AbortSignal;
}

/** Adds a file's examples to a dataset. */
export function upload(dataset: string, format: Format, content: Blob, { file, status = "pending", ...options }: Options = {}): Promise<ImportedRead> {
  const asked = new URLSearchParams({ format, status, ...(file !== undefined && { file }) });
  return sendFile<ImportedRead>(`${at(dataset, "import")}?${asked.toString()}`, content, options);
}
