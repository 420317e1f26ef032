import { statuses } from "./words";

import type { TuningJob } from "@/api/learning";
import { CopyButton } from "@/components/copy-button";
import type { Column } from "@/components/data-table/columns";
import { Progress } from "@/components/ui/progress";
import { When } from "@/components/when";
import { DASH, percent } from "@/lib/format";

/** What to call it by, how far it is, or why it failed. */
function Now({ job: { status, progress, error, tunedModel, name } }: { job: TuningJob }) {
  if (error !== null) return <span className="block truncate text-quiet" title={error.message}>{error.message}</span>;
  if (status === "running")
    return (
      <span className="flex items-center gap-3">
        <Progress label={`How far ${name} is`} done={progress} total={1} className="w-20 shrink-0 max-md:hidden" />
        {percent(progress)}
      </span>
    );
  if (tunedModel === null) return <span className="text-quiet">{status === "validating_files" ? "line by line" : DASH}</span>;
  return (
    <span className="flex min-w-0 items-center gap-1">
      <code className="truncate font-mono text-xs">{tunedModel}</code>
      <CopyButton text={tunedModel} what="the model's name" />
    </span>
  );
}

export const columns: Column<TuningJob>[] = [
  { id: "name", header: "Model", cell: ({ name }) => <span className="block truncate font-medium">{name}</span>, priority: 1, fixed: true },
  { id: "status", header: "State", cell: ({ status }) => statuses[status], priority: 1, width: "9rem", phoneWidth: "6.5rem" },
  { id: "now", header: "How it stands", cell: (job) => <Now job={job} />, priority: 2, width: "18rem" },
  { id: "from", header: "Tuned from", cell: ({ model }) => <code className="font-mono text-xs">{model}</code>, priority: 3, width: "9rem" },
  {
    id: "file",
    header: "Learns from",
    cell: ({ trainingFile, validationFile }) => <code className="block truncate font-mono text-xs">{validationFile === null ? trainingFile : `${trainingFile}, ${validationFile}`}</code>,
    priority: 4,
    width: "12rem",
  },
  { id: "created", header: "Asked for", cell: ({ createdAt }) => <When at={createdAt} />, priority: 3, width: "7.5rem" },
];
