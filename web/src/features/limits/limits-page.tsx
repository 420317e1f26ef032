import { useNavigate, useSearch } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import type { ReactNode } from "react";

import { columns } from "./columns";
import { CreateDialog } from "./create-dialog";
import { LimitPanel } from "./limit-panel";
import { LIMITS, useLimits } from "./queries";
import { SUBJECTS } from "./routes";
import { allowance, answerOf, subjectName, subjects } from "./words";

import type { LimitRead } from "@/api/schema.gen";
import { useOpened } from "@/api/use-opened";
import { DataTable } from "@/components/data-table/data-table";
import { EmptyState } from "@/components/empty-state";
import { Failure } from "@/components/failure";
import type { Field } from "@/components/filter-bar/fields";
import { FilterBar } from "@/components/filter-bar/filter-bar";
import { PageHead } from "@/components/page-head";
import { Permitted } from "@/components/permitted";
import { toasts } from "@/components/toast/store";
import { Button } from "@/components/ui/button";
import { paths } from "@/lib/paths";

const fields: Field[] = [
  { kind: "choice", id: "kind", label: "On", options: SUBJECTS.map((value) => ({ value, label: subjects[value].toLowerCase() })) },
  { kind: "text", id: "subject", label: "Id", example: "route_01k9f3m" },
];

const picked = (value: string | undefined) => (value === undefined ? [] : [value]);

/** What may be used and spent, by whom, and what is left of it. */
export default function LimitsPage() {
  const { kind, subject, limit: open, create } = useSearch({ from: "/signed-in/limits" });
  const navigate = useNavigate({ from: paths.limits });
  const go = (change: Record<string, unknown>) =>
    void navigate({ search: (now) => ({ ...now, ...change }), replace: true });
  const list = useLimits({ kind, subject });
  const narrowed = kind !== undefined || subject !== undefined;
  const none = !narrowed && list.rows?.length === 0;
  const clear = () => go({ kind: undefined, subject: undefined });
  const close = () => go({ limit: undefined });
  const createButton = (
    <Permitted to="limits:write">
      <Button look="primary" onClick={() => go({ create: true })}>
        <Plus aria-hidden="true" /> Set a limit
      </Button>
    </Permitted>
  );

  function made(limit: LimitRead) {
    go({ create: undefined, limit: limit.id });
    toasts.show(`${subjectName(limit)}: ${allowance(limit.measure, limit.window, Number(limit.amount))}`);
  }

  return (
    <>
      <PageHead title="Limits & budgets" action={createButton}>
        <Answer limits={narrowed || list.more.has ? [] : list.rows} />
      </PageHead>
      {!none && (
        <FilterBar
          fields={fields}
          chosen={{ kind: picked(kind), subject: picked(subject) }}
          onChange={(field, values) => go({ [field]: values.at(-1) })}
          onClear={clear}
        />
      )}
      <div className="mt-4">
        <DataTable
          what="limits"
          columns={columns}
          getKey={({ id }) => id}
          onOpen={({ id }) => go({ limit: id })}
          open={open ?? null}
          onClose={close}
          {...list}
          empty={narrowed ? <NoneFound onClear={clear} /> : <NoLimits action={createButton} />}
        />
      </div>
      <Opened id={open} among={list.rows} onClose={close} />
      <Creation open={create === true} onClose={() => go({ create: undefined })} onMade={made} />
    </>
  );
}

/** What wants to be looked at, said of all limits; else what this page is. */
function Answer({ limits = [] }: { limits: LimitRead[] | undefined }) {
  return (
    <span role="status" className="block max-sm:min-h-10">
      {answerOf(limits) || "How much may be used and spent, and what is left. All limits that apply to a call hold."}
    </span>
  );
}

interface OpenedProps {
  id: string | undefined;
  among: LimitRead[] | undefined;
  onClose: () => void;
}

/** The limit whose detail lies beside the list. */
function Opened({ id, among, onClose }: OpenedProps) {
  const { opened, error } = useOpened("limits", LIMITS, among, id);
  if (error) return <Failure title="The limit could not be opened" error={error} className="mt-4" />;
  return opened && <LimitPanel key={opened.id} of={opened} onClose={onClose} />;
}

function Creation({ open, ...dialog }: { open: boolean; onClose: () => void; onMade: (limit: LimitRead) => void }) {
  return open ? (
    <Permitted to="limits:write">
      <CreateDialog {...dialog} />
    </Permitted>
  ) : null;
}

function NoneFound({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState title="No limit is on that" action={<Button onClick={onClear}>Clear the filters</Button>}>
      <p>Limits on something larger may hold for it all the same: a key is held to those of its person, its teams and the organization.</p>
    </EmptyState>
  );
}

const SNIPPET = `limits:
  - subject: {kind: organization}
    measure: cost
    window: month
    amount: 2000
  - subject: {kind: route, name: assistant}
    measure: requests
    window: minute
    amount: 6000`;

function NoLimits({ action }: { action: ReactNode }) {
  return (
    <EmptyState title="Set the first limit" action={action} snippet={{ title: "hone apply limits.yaml", code: SNIPPET }}>
      <p>A limit says how much of something the organization, a team, a person, a key, a route or a model may use: money, requests, tokens, or calls at a time.</p>
      <p>
        A budget for the organization keeps a mistake from becoming a bill. A call that does not fit is refused before it is sent to a provider; at 50, 80 and
        100&nbsp;% of a daily or monthly limit an event is written.
      </p>
    </EmptyState>
  );
}
