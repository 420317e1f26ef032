import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";

import { useDataset } from "../dataset-context";
import { statisticsQuery, useFindings } from "../queries";
import { FINDING_KINDS, FINDING_STATES, type FindingsSearch } from "../routes";
import type { FindingRead, StatisticsRead } from "../shapes";
import { useLetterKeys } from "../use-letter-keys";
import { findingKinds } from "../words";

import { Checks } from "./checks";
import { columns } from "./columns";
import { FindingPanel } from "./finding-panel";
import { useNews } from "./use-news";
import { applicable, useSettling } from "./use-settling";
import { about, isApplicable } from "./words";

import { useMay } from "@/api/me";
import { DataTable } from "@/components/data-table/data-table";
import { EmptyState } from "@/components/empty-state";
import { Failure } from "@/components/failure";
import type { Field } from "@/components/filter-bar/fields";
import { FilterBar } from "@/components/filter-bar/filter-bar";
import { Button } from "@/components/ui/button";
import { count } from "@/lib/format";
import { paths } from "@/lib/paths";
import { without } from "@/lib/url-state";

const NONE: ReadonlySet<string> = new Set();

const fields = (statistics: StatisticsRead | undefined): Field[] => [
  { kind: "choice", id: "kind", label: "Finding", options: FINDING_KINDS.map((value) => ({ value, label: findingKinds[value].toLowerCase(), note: count(statistics?.findings[value] ?? 0) })) },
  { kind: "choice", id: "state", label: "State", options: FINDING_STATES.map((value) => ({ value, label: value })) },
];

/** What the checks found, to be applied or dismissed. */
export default function FindingsPage() {
  const dataset = useDataset();
  const search: FindingsSearch = useSearch({ from: "/signed-in/datasets/$datasetId/findings" });
  const { kind, state } = search;
  const navigate = useNavigate();
  const show = (next: FindingsSearch) => void navigate({ to: paths.datasetFindings, params: { datasetId: dataset.id }, search: next, replace: true });
  const { data: statistics } = useQuery(statisticsQuery(dataset.id));
  const list = useFindings(dataset.id, { kind, state: state ?? "open" });
  const running = useNews(dataset.id);
  const settling = useSettling(dataset.id);
  const [picked, setPicked] = useState(NONE);
  const mayWrite = useMay("datasets:write");
  const close = () => show(without(search, "finding"));
  const narrowed = kind !== undefined || state !== undefined;

  async function settleAll(findings: FindingRead[], action: "apply" | "dismiss") {
    if (await settling.settle(findings, action)) setPicked(NONE);
  }

  return (
    <div className="space-y-4">
      <title>{`${dataset.name} · Findings · Hone`}</title>
      <Checks />
      <FilterBar
        fields={fields(statistics)}
        chosen={{ kind: kind === undefined ? [] : [kind], state: state === undefined ? [] : [state] }}
        onChange={(field, values) => show({ ...without(search, field as keyof FindingsSearch, "finding"), ...(values.length > 0 && { [field]: values.at(-1) }) })}
        onClear={() => show({})}
      />
      {kind !== undefined && <p className="max-w-[72ch] text-pretty text-quiet">{about[kind]}</p>}
      {settling.error && <Failure title="Not everything was done" error={settling.error} />}
      <DataTable
        what="findings"
        columns={columns}
        getKey={({ id }) => id}
        onOpen={({ id }) => show({ ...search, finding: id })}
        open={search.finding ?? null}
        onClose={close}
        {...(mayWrite && {
          selection: { keys: picked, onChange: setPicked },
          bulk: (rows: FindingRead[]) => <Bulk rows={rows} busy={settling.busy} onSettle={(some, action) => void settleAll(some, action)} />,
        })}
        {...list}
        empty={<NoFindings narrowed={narrowed} running={running} onClear={() => show({})} />}
      />
      <Beside rows={list.rows} open={search.finding} settling={settling} mayWrite={mayWrite} onOpen={(finding) => show({ ...search, finding })} onClose={close} />
    </div>
  );
}

function Bulk({ rows, busy, onSettle }: { rows: FindingRead[]; busy: boolean; onSettle: (rows: FindingRead[], action: "apply" | "dismiss") => void }) {
  const fitting = applicable(rows);
  return (
    <>
      {fitting.length > 0 && (
        <Button disabled={busy} onClick={() => onSettle(fitting, "apply")}>
          Apply {fitting.length === rows.length ? "all" : count(fitting.length)}
        </Button>
      )}
      <Button disabled={busy} onClick={() => onSettle(rows, "dismiss")}>
        Dismiss
      </Button>
    </>
  );
}

interface BesideProps {
  rows: FindingRead[] | undefined;
  open: string | undefined;
  settling: ReturnType<typeof useSettling>;
  mayWrite: boolean;
  onOpen: (id: string) => void;
  onClose: () => void;
}

/** The finding that is open; when it is settled, the next one comes. */
function Beside({ rows = [], open, settling, mayWrite, onOpen, onClose }: BesideProps) {
  const place = rows.findIndex(({ id }) => id === open);
  const finding = rows[place];
  const go = (next: FindingRead | undefined) => (next && place >= 0 ? () => onOpen(next.id) : null);
  const [next, previous] = [rows[place + 1], rows[place - 1]];

  async function settle(action: "apply" | "dismiss") {
    if (!finding || !mayWrite || finding.state !== "open" || settling.busy) return;
    if (action === "apply" && !isApplicable(finding)) return;
    // One goes on at once; what is refused comes back, with why.
    const then = next ?? previous;
    if (then) onOpen(then.id);
    else onClose();
    if (!(await settling.settle([finding], action))) onOpen(finding.id);
  }

  useLetterKeys({ a: () => void settle("apply"), d: () => void settle("dismiss") });
  if (!finding) return null;
  return <FindingPanel of={finding} error={settling.error} busy={settling.busy} onSettle={(action) => void settle(action)} onClose={onClose} onNext={go(next)} onPrevious={go(previous)} />;
}

function NoFindings({ narrowed, running, onClear }: { narrowed: boolean; running: boolean; onClear: () => void }) {
  if (narrowed) {
    return (
      <EmptyState title="No finding matches" action={<Button onClick={onClear}>Show what is open</Button>}>
        <p>None of that kind is in that state.</p>
      </EmptyState>
    );
  }
  return (
    <EmptyState title={running ? "Nothing was found so far" : "No finding is open"}>
      <p>The checks read every example and tell what looks wrong, with what could be done about it. Nothing is changed before you say so.</p>
      <ul className="list-disc space-y-1 pl-5">
        {FINDING_KINDS.map((kind) => (
          <li key={kind}>
            <strong className="font-medium text-ink">{findingKinds[kind]}.</strong> {about[kind]}
          </li>
        ))}
      </ul>
    </EmptyState>
  );
}
