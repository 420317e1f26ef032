import { useMutation, useQueryClient } from "@tanstack/react-query";
import { FlaskConical } from "lucide-react";
import type { ReactNode } from "react";

import { upload } from "../importing/upload";
import { DATASETS, forget } from "../queries";
import type { DatasetRead } from "../shapes";

import { DEMO_DESCRIPTION, DEMO_NAME, demoFile } from "./demo";

import { post } from "@/api/client";
import { EmptyState } from "@/components/empty-state";
import { Failure } from "@/components/failure";
import { Permitted } from "@/components/permitted";
import { toasts } from "@/components/toast/store";
import { Button } from "@/components/ui/button";

const SNIPPET = (origin: string) => `curl ${origin}/api/datasets \\
  -H "Authorization: Bearer $HONE_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"name": "tickets", "kind": "intent"}'

echo '{"input": "Where is my parcel?", "output": "delivery"}' |
curl ${origin}/api/datasets/tickets/import?format=jsonl \\
  -H "Authorization: Bearer $HONE_KEY" \\
  --data-binary @-`;

interface Props {
  action: ReactNode;
  onMade: (dataset: DatasetRead) => void;
}

/** The page before its first dataset: what one is, and a set to try it with. */
export function NoDatasets({ action, onMade }: Props) {
  const demo = useDemo(onMade);
  return (
    <EmptyState
      title="Make the first dataset"
      action={
        <>
          <Permitted to="datasets:write">
            <Button look="primary" disabled={demo.isPending} onClick={() => demo.mutate()}>
              <FlaskConical aria-hidden="true" /> {demo.isPending ? "Making demo-tickets…" : "Try it with demo data"}
            </Button>
          </Permitted>
          {action}
        </>
      }
      snippet={{ title: "curl", code: SNIPPET(window.location.origin) }}
    >
      <p>A dataset holds examples: what comes in, and what should come out. Whatever is trained, is trained on a version of one that never changes again.</p>
      <p>
        Examples come from files, and by themselves from people: an answer that somebody corrects is an example within half a minute, with the way back to the call that it came from. Here they are
        approved, corrected, checked for doubles and wrong labels, and frozen.
      </p>
      <p>The demo data are some 450 made-up messages, enough to train a model on. A few are wrong on purpose, so that there is something to find.</p>
      {demo.error && <Failure title="The demo data could not be made" error={demo.error} />}
    </EmptyState>
  );
}

function useDemo(onMade: (dataset: DatasetRead) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      const dataset = await post<DatasetRead>(DATASETS, { name: DEMO_NAME, kind: "intent", description: DEMO_DESCRIPTION });
      await upload(dataset.id, "jsonl", demoFile());
      return dataset;
    },
    onSuccess: (dataset) => {
      toasts.show(`Made ${dataset.name}: look through it, or run the checks`);
      onMade(dataset);
    },
    onSettled: () => forget(queries),
  });
}
