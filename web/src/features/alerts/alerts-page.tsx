import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";

import { AlertDetail } from "./alert-detail";
import { columns } from "./columns";
import { useAlerts } from "./queries";
import { SEVERITIES, STATES, type AlertsSearch } from "./routes";
import { Sections } from "./sections";
import { answerOf, states } from "./words";

import { useOpened } from "@/api/use-opened";
import { ALERTS, openAlertsQuery, type Alert } from "@/api/watch";
import { DataTable } from "@/components/data-table/data-table";
import { EmptyState } from "@/components/empty-state";
import { Failure } from "@/components/failure";
import type { Field } from "@/components/filter-bar/fields";
import { FilterBar } from "@/components/filter-bar/filter-bar";
import { PageHead } from "@/components/page-head";
import { SidePanel } from "@/components/side-panel";
import { Button } from "@/components/ui/button";
import { outlineLink } from "@/components/ui/looks";
import { severityWords } from "@/components/watched/severity-mark";
import { paths } from "@/lib/paths";
import { without } from "@/lib/url-state";

const FILTERS = ["state", "severity", "model", "monitor"] as const;

const fields: Field[] = [
  { kind: "choice", id: "state", label: "State", options: [{ value: "any", label: "any" }, ...STATES.map((value) => ({ value, label: states[value].toLowerCase() }))] },
  { kind: "choice", id: "severity", label: "How bad", options: SEVERITIES.map((value) => ({ value, label: severityWords(value).toLowerCase() })) },
  { kind: "text", id: "model", label: "Model", example: "ticket-classifier" },
  { kind: "text", id: "monitor", label: "Monitor", example: "mon_01k9f3m" },
];

/** What is wrong now, the worst of it in sight, and what was wrong before. */
export default function AlertsPage() {
  const search: AlertsSearch = useSearch({ from: "/signed-in/alerts" });
  const navigate = useNavigate({ from: paths.alerts });
  const go = (next: AlertsSearch) => void navigate({ search: next, replace: true });
  const { data: page } = useQuery(openAlertsQuery);
  const list = useAlerts(search);
  const narrowed = FILTERS.some((name) => search[name] !== undefined);
  const clear = () => go(without(search, ...FILTERS));
  const close = () => go(without(search, "alert"));
  return (
    <>
      <PageHead title="Alerts">
        <span role="status" className="block max-sm:min-h-10">
          {page ? answerOf(page) : "What the monitors found, with the calls that moved it and what can be done."}
        </span>
      </PageHead>
      <Sections />
      <FilterBar
        fields={fields}
        chosen={Object.fromEntries(FILTERS.map((name) => [name, search[name] === undefined ? [] : [search[name]]]))}
        onChange={(field, values) => go({ ...without(search, field as (typeof FILTERS)[number]), ...(values.length > 0 && { [field]: values.at(-1) }) })}
        onClear={clear}
      />
      <div className="mt-4">
        <DataTable
          what="alerts"
          columns={columns}
          getKey={({ id }) => id}
          getHref={({ id }) => `${paths.alerts}/${id}`}
          onOpen={({ id }) => go({ ...search, alert: id })}
          open={search.alert ?? null}
          onClose={close}
          {...list}
          empty={narrowed ? <NoneFound onClear={clear} /> : <NothingWrong onAll={() => go({ state: "any" })} />}
        />
      </div>
      <Opened id={search.alert} among={list.rows} onOpen={(id) => go({ ...search, alert: id })} onClose={close} />
    </>
  );
}

interface OpenedProps {
  id: string | undefined;
  among: Alert[] | undefined;
  onOpen: (id: string) => void;
  onClose: () => void;
}

/** The alert whose detail lies beside the list. */
function Opened({ id, among, onOpen, onClose }: OpenedProps) {
  const { opened, error } = useOpened("alerts", ALERTS, among, id);
  if (error) return <Failure title="The alert could not be opened" error={error} className="mt-4" />;
  if (!opened) return null;
  const place = among?.findIndex((each) => each.id === opened.id) ?? -1;
  const goer = (next: Alert | undefined) => (next ? () => onOpen(next.id) : null);
  return (
    <SidePanel
      title={`Alert: ${opened.title}`}
      of={opened.id}
      href={`${paths.alerts}/${opened.id}`}
      onClose={onClose}
      onNext={goer(place < 0 ? undefined : among?.[place + 1])}
      onPrevious={goer(place < 1 ? undefined : among?.[place - 1])}
    >
      <AlertDetail key={opened.id} of={opened} />
    </SidePanel>
  );
}

function NoneFound({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState title="No alert matches" action={<Button onClick={onClear}>Clear the filters</Button>}>
      <p>Without them the list has every alert that somebody has to look at.</p>
    </EmptyState>
  );
}

function NothingWrong({ onAll }: { onAll: () => void }) {
  return (
    <EmptyState
      title="Nothing to act on"
      action={
        <>
          <Button onClick={onAll}>Show what was wrong before</Button>
          <Link to={paths.monitors} className={outlineLink}>
            See what is watched
          </Link>
        </>
      }
    >
      <p>Hone watches from the first call on: failed calls, response times, what a request costs, and whether it answers at all.</p>
      <p>An alert opens when something is wrong by more than chance, once for each cause, with the calls that moved it. Whoever is to be told is told by e-mail, Slack or a webhook.</p>
    </EmptyState>
  );
}
