import { useNavigate, useSearch } from "@tanstack/react-router";
import { Snowflake } from "lucide-react";

import { useDataset } from "../dataset-context";
import { useVersions } from "../queries";
import type { Asked, VersionsSearch } from "../routes";
import type { VersionRead } from "../shapes";

import { columns } from "./columns";
import { Comparison } from "./comparison";
import { VersionPanel } from "./version-panel";

import { DataTable } from "@/components/data-table/data-table";
import { EmptyState } from "@/components/empty-state";
import { Permitted } from "@/components/permitted";
import { Button } from "@/components/ui/button";
import { paths } from "@/lib/paths";
import { without } from "@/lib/url-state";

/** What was frozen, and what changed from one version to the next. */
export default function VersionsPage() {
  const { id, name, validated } = useDataset();
  const search = useSearch({ from: "/signed-in/datasets/$datasetId/versions" });
  const navigate = useNavigate();
  const show = (next: VersionsSearch & { ask?: Asked }) => void navigate({ to: paths.datasetVersions, params: { datasetId: id }, search: next, replace: true });
  const open = (version: number | undefined) => show({ ...without(search, "version"), ...(version !== undefined && { version }) });
  const list = useVersions(id);
  const opened = list.rows?.find(({ number }) => number === search.version);
  return (
    <>
      <title>{`${name} · Versions · Hone`}</title>
      <DataTable
        what="versions"
        columns={columns}
        getKey={(version) => version.id}
        onOpen={({ number }) => open(number)}
        open={opened?.id ?? null}
        onClose={() => open(undefined)}
        {...list}
        empty={<NoVersions ready={validated > 0} onFreeze={() => show({ ...search, ask: "freeze" })} />}
      />
      {list.rows && list.rows.length > 1 && <Compared versions={list.rows} from={search.from} to={search.to} onChoose={(chosen) => show({ ...search, ...chosen })} />}
      {opened && <Opened of={opened} rows={list.rows ?? []} onOpen={open} />}
    </>
  );
}

interface ComparedProps {
  versions: readonly VersionRead[];
  from: number | undefined;
  to: number | undefined;
  onChoose: (change: { from?: number; to?: number }) => void;
}

/** The two that were chosen, or the newest two. */
function Compared({ versions, from, to, onChoose }: ComparedProps) {
  const numbers = versions.map(({ number }) => number);
  const [newest = 1, before = 1] = numbers;
  return <Comparison versions={versions} from={from !== undefined && numbers.includes(from) ? from : before} to={to !== undefined && numbers.includes(to) ? to : newest} onChoose={onChoose} />;
}

function Opened({ of: version, rows, onOpen }: { of: VersionRead; rows: readonly VersionRead[]; onOpen: (number: number | undefined) => void }) {
  const place = rows.indexOf(version);
  const go = (next: VersionRead | undefined) => (next ? () => onOpen(next.number) : null);
  return <VersionPanel of={version} onClose={() => onOpen(undefined)} onNext={go(rows[place + 1])} onPrevious={go(rows[place - 1])} />;
}

function NoVersions({ ready, onFreeze }: { ready: boolean; onFreeze: () => void }) {
  return (
    <EmptyState
      title="Freeze the first version"
      action={
        ready && (
          <Permitted to="datasets:write">
            <Button look="primary" onClick={onFreeze}>
              <Snowflake aria-hidden="true" /> Freeze a version
            </Button>
          </Permitted>
        )
      }
    >
      <p>A version is what is approved at one moment, split into training, validation and test, with a hash of its content. It never changes; models are trained on versions.</p>
      {!ready && <p>Nothing is approved yet. Review some examples first.</p>}
    </EmptyState>
  );
}
