import { useMutation, useQueryClient } from "@tanstack/react-query";

import { at, forget } from "../queries";

import { patch, post, remove } from "@/api/client";
import { usePolling } from "@/api/live";
import type { KnowledgeRead } from "@/api/schema.gen";
import { sendFile } from "@/api/send-file";
import { useList } from "@/api/use-list";

/** What a dataset of answers knows; pages are read meanwhile, so it is asked for again. */
export const useKnowledge = (dataset: string) => useList<KnowledgeRead>("datasets", at(dataset, "knowledge"), { limit: "100" }, usePolling());

function useChange<Taken, Given>(change: (taken: Taken) => Promise<Given>) {
  const queries = useQueryClient();
  return useMutation({ mutationFn: change, onSettled: () => forget(queries) });
}

export interface PageDraft {
  url: string;
  everyHours: number | null;
}

export const useAddPage = (dataset: string) => useChange((draft: PageDraft) => post<KnowledgeRead>(at(dataset, "knowledge"), draft));
export const useUploadDocument = (dataset: string) =>
  useChange((file: File) => sendFile<KnowledgeRead>(`${at(dataset, "knowledge", "upload")}?${new URLSearchParams({ name: file.name }).toString()}`, file));
export const useSync = (dataset: string) => useChange((id: string) => post<KnowledgeRead>(at(dataset, "knowledge", id, "sync"), {}));
export const useSchedule = (dataset: string) =>
  useChange(({ id, everyHours }: { id: string; everyHours: number | null }) => patch<KnowledgeRead>(at(dataset, "knowledge", id), { everyHours }));
export const useForgetKnowledge = (dataset: string) => useChange((id: string) => remove(at(dataset, "knowledge", id)));
