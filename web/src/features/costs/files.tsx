import { parameters } from "./asked";
import type { CostsSearch } from "./routes";

import { signed } from "@/api/client";
import { refusal } from "@/api/errors";
import { ExportMenu } from "@/components/export-menu";

/** Costs as a file: every value in every step. */
export function CostFiles({ search }: { search: CostsSearch }) {
  async function file(format: "csv" | "jsonl"): Promise<Blob> {
    const asked = parameters(search, Date.now());
    asked.set("format", format);
    const response = await signed({ method: "GET", path: `/api/costs/export?${asked}` });
    if (!response.ok) throw await refusal(response);
    return response.blob();
  }
  return (
    <ExportMenu
      of="A line for each value in each step of the picture, with every figure; none is left out."
      formats={[
        { label: "CSV", file: "costs.csv", fetch: () => file("csv") },
        { label: "JSON lines", file: "costs.jsonl", fetch: () => file("jsonl") },
      ]}
    />
  );
}
