import { useNavigate } from "@tanstack/react-router";
import { Upload } from "lucide-react";

import { useDataset } from "../dataset-context";
import { kinds } from "../words";

import { EmptyState } from "@/components/empty-state";
import { Permitted } from "@/components/permitted";
import { Button } from "@/components/ui/button";
import { paths } from "@/lib/paths";

export function NoneMatch({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState title="No example matches" action={<Button onClick={onClear}>Clear the filters</Button>}>
      <p>None has all of these. Take a filter away, or search for fewer words.</p>
    </EmptyState>
  );
}

/** A dataset before its first example. */
export function NoExamples() {
  const { id, name, kind, collects } = useDataset();
  const navigate = useNavigate();
  const line = { intent: '{"input": "Where is my parcel?", "output": "delivery"}', entity: '{"input": "to Berlin", "output": [{"start": 3, "end": 9, "label": "city"}]}' };
  const example = kind === "intent" || kind === "entity" ? line[kind] : '{"input": "Do you open on Sundays?", "output": "Yes, from ten to four."}';
  return (
    <EmptyState
      title="Bring the first examples in"
      action={
        <Permitted to="datasets:write">
          <Button look="primary" onClick={() => void navigate({ to: paths.dataset, params: { datasetId: id }, search: { ask: "import" }, replace: true })}>
            <Upload aria-hidden="true" /> Import a file
          </Button>
        </Permitted>
      }
      snippet={{
        title: "curl",
        code: `echo '${example}' |
curl ${window.location.origin}/api/datasets/${name}/import?format=jsonl \\
  -H "Authorization: Bearer $HONE_KEY" \\
  --data-binary @-`,
      }}
    >
      <p>{kinds[kind].help} JSON, JSON lines, CSV, Parquet, and the chat formats of OpenAI and Hugging Face are read.</p>
      <p>
        {collects.length === 0
          ? "Name a model or route that it collects from, and answers that people correct come in by themselves."
          : `Answers of ${collects.join(", ")} that people correct come in by themselves, within half a minute.`}
      </p>
    </EmptyState>
  );
}
