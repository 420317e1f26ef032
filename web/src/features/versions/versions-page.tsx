import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";

import { allUndoneQuery, trainedModelsQuery } from "./queries";
import { BackMark, GateMark } from "./state-mark";
import { answerOf, newestWentBack, worth } from "./words";

import { useMay } from "@/api/me";
import type { ReleaseSummary } from "@/api/releases";
import type { TrainedModel } from "@/api/versions";
import type { Column } from "@/components/data-table/columns";
import { DataTable } from "@/components/data-table/data-table";
import { EmptyState } from "@/components/empty-state";
import { PageHead } from "@/components/page-head";
import { primaryLink } from "@/components/ui/looks";
import { When } from "@/components/when";
import { count, DASH } from "@/lib/format";
import { paths } from "@/lib/paths";
import { taskName } from "@/lib/tasks";

const liveOf = ({ live, versions }: TrainedModel) => versions.find(({ version }) => version === live.production);

const columnsOf = (undone: readonly ReleaseSummary[]): Column<TrainedModel>[] => [
  { id: "name", header: "Model", cell: ({ name }) => <span className="truncate font-medium">{name}</span>, priority: 1, fixed: true },
  {
    id: "live",
    header: "Live",
    cell: (model) => {
      const live = liveOf(model);
      return live ? (
        <>
          {live.version} <span className="text-quiet max-md:hidden">{worth(live)}</span>
        </>
      ) : (
        <span className="text-quiet">nothing</span>
      );
    },
    priority: 1,
    width: "12.5rem",
    phoneWidth: "5rem",
  },
  {
    id: "newest",
    header: "Newest",
    cell: ({ versions: [newest], live }) =>
      newest === undefined ? (
        DASH
      ) : newest.version === live.production ? (
        <span className="text-quiet">the same</span>
      ) : (
        <>
          {newest.version} <span className="text-quiet max-md:hidden">{worth(newest)}</span>
        </>
      ),
    priority: 1,
    width: "12.5rem",
    phoneWidth: "5.5rem",
  },
  { id: "gate", header: "Its gates", cell: (model) => <Gates of={model} undone={undone} />, priority: 2, width: "8rem" },
  { id: "task", header: "Task", cell: ({ task }) => taskName(task), priority: 4, width: "11rem" },
  { id: "versions", header: "Versions", cell: ({ versions }) => count(versions.length), numeric: true, priority: 3, width: "6rem" },
  { id: "made", header: "Made", cell: ({ versions: [newest] }) => (newest ? <When at={newest.createdAt} /> : DASH), priority: 2, width: "7.5rem" },
];

/** Whether the newest may go into force, or did and came back. */
function Gates({ of, undone }: { of: TrainedModel; undone: readonly ReleaseSummary[] }) {
  const [newest] = of.versions;
  if (newest === undefined) return DASH;
  return newestWentBack(of, undone) ? <BackMark /> : <GateMark passed={newest.gatePassed} />;
}

/** Models that were trained here: what is in force, and what could be. */
export default function VersionsPage() {
  const navigate = useNavigate();
  const { data: { items: undone } = { items: [] } } = useQuery({ ...allUndoneQuery, enabled: useMay("releases:read") });
  const { data, error, refetch } = useQuery(trainedModelsQuery);
  return (
    <>
      <PageHead title="Versions">
        <span role="status" className="block max-sm:min-h-10">
          {answerOf(data?.items ?? [], undone) || "Models that were trained here: what is in force, and what could be."}
        </span>
      </PageHead>
      <DataTable
        what="trained models"
        columns={columnsOf(undone)}
        rows={data?.items}
        getKey={({ name }) => name}
        getHref={({ name }) => `${paths.versions}/${encodeURIComponent(name)}`}
        onOpen={({ name }) => void navigate({ to: paths.trained, params: { name } })}
        error={error}
        onRetry={() => void refetch()}
        empty={<None />}
      />
    </>
  );
}

const SNIPPET = (origin: string) => `curl ${origin}/v1/classify \\
  -H "Authorization: Bearer $HONE_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"model": "ticket-classifier", "input": "Where is my refund?"}'`;

function None() {
  const may = useMay("training:write");
  return (
    <EmptyState
      title="A version comes of each training"
      {...(may && {
        action: (
          <Link to={paths.newRun} className={primaryLink}>
            Train a model
          </Link>
        ),
      })}
      snippet={{ title: "Once one is in force", code: SNIPPET(window.location.origin) }}
    >
      <p>Each version keeps its evidence: how good it is and where it is weak, what it was made of, and whether it is better than what is live by more than chance.</p>
      <p>Putting one in force takes a second and no call fails for it; one press goes back.</p>
    </EmptyState>
  );
}
