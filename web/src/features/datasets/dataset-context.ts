import { createContext, use } from "react";

import type { DatasetRead } from "./shapes";

export const DatasetContext = createContext<DatasetRead | null>(null);

/** The dataset that the page is about. */
export function useDataset(): DatasetRead {
  const dataset = use(DatasetContext);
  if (!dataset) throw new Error("A dataset's page is shown outside of the dataset.");
  return dataset;
}
