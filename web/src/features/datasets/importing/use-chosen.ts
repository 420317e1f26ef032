import { useState } from "react";

import { detect, type Format } from "./detect";
import { preview, type Preview } from "./preview";
import type { Counting } from "./upload";

/** How much of a file is looked at before it is sent. */
const HEAD_BYTES = 256 * 1024;

export interface Chosen {
  file: File;
  /** Null when it is nothing that can be read. */
  format: Format | null;
  preview: Preview;
  /** Its first part. */
  head: string;
  counting: Counting;
}

const previewOf = (format: Format | null, head: string, file: File): Preview =>
  format === null ? { rows: [], note: null } : preview(format, head, file.size <= HEAD_BYTES);

/** The file that was chosen, with its first part read. */
export function useChosen() {
  const [chosen, setChosen] = useState<Chosen | null>(null);

  async function choose(file: File) {
    const head = await file.slice(0, HEAD_BYTES).text();
    const format = detect(file.name, head);
    setChosen({ file, format, head, counting: "pending", preview: previewOf(format, head, file) });
  }

  return {
    chosen,
    choose,
    clear: () => setChosen(null),
    countAs: (counting: Counting) => setChosen((now) => now && { ...now, counting }),
    readAs: (format: Format) => setChosen((now) => now && { ...now, format, preview: previewOf(format, now.head, now.file) }),
  };
}
