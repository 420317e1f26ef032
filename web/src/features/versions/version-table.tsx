import { useNavigate } from "@tanstack/react-router";

import { GateMark, StateMark } from "./state-mark";
import { worth } from "./words";

import type { TrainedModel, VersionSummary } from "@/api/versions";
import type { Column } from "@/components/data-table/columns";
import { DataTable } from "@/components/data-table/data-table";
import { When } from "@/components/when";
import { DASH } from "@/lib/format";
import { paths } from "@/lib/paths";

const columns: Column<VersionSummary>[] = [
  { id: "version", header: "Version", cell: ({ version }) => <span className="truncate font-medium">{version}</span>, priority: 1, fixed: true },
  { id: "state", header: "State", cell: ({ state }) => <StateMark state={state} />, priority: 1, width: "9rem", phoneWidth: "8rem" },
  { id: "worth", header: "On the test", cell: (version) => worth(version) || DASH, priority: 1, width: "11rem", phoneWidth: "8.5rem" },
  { id: "gate", header: "Gates", cell: ({ gatePassed }) => <GateMark passed={gatePassed} />, priority: 2, width: "8rem" },
  { id: "engine", header: "Engine", cell: ({ engine }) => engine, priority: 3, width: "8rem" },
  { id: "made", header: "Made", cell: ({ createdAt }) => <When at={createdAt} />, priority: 2, width: "7.5rem" },
];

/** Every version of a model, newest first; a row opens it. */
export function VersionTable({ model }: { model: TrainedModel }) {
  const navigate = useNavigate();
  return (
    <div className="mt-2">
      <DataTable
        what="versions"
        columns={columns}
        rows={model.versions}
        getKey={({ id }) => id}
        getHref={({ version }) => `${paths.versions}/${encodeURIComponent(model.name)}/${version}`}
        onOpen={({ version }) => void navigate({ to: paths.version, params: { name: model.name, version } })}
        empty={<p className="text-quiet">It has no version yet.</p>}
      />
    </div>
  );
}
