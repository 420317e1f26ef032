import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";

import { Breakdown } from "./breakdown";
import { columns } from "./columns";
import { FeedbackPanel } from "./feedback-panel";
import { Figures } from "./figures";
import { NoFeedback, NothingFound } from "./no-feedback";
import { Picture } from "./picture";
import { useFeedback, useSummary, useTrends } from "./queries";
import { Bulk, Held } from "./review";
import { FILTERS, PERIODS, SAYS, STATES, TYPES, USUAL_PERIOD, VERDICTS, type FeedbackSearch } from "./routes";
import { answerOf, periods, states, types, verdicts } from "./words";

import { FEEDBACK } from "@/api/feedback";
import { useMay } from "@/api/me";
import type { FeedbackRead, FeedbackSummary } from "@/api/schema.gen";
import { useOpened } from "@/api/use-opened";
import { DataTable } from "@/components/data-table/data-table";
import { Failure } from "@/components/failure";
import type { Field } from "@/components/filter-bar/fields";
import { FilterBar } from "@/components/filter-bar/filter-bar";
import { PageHead } from "@/components/page-head";
import { Segmented } from "@/components/ui/segmented";
import { Skeleton } from "@/components/ui/skeleton";
import { paths } from "@/lib/paths";
import { without } from "@/lib/url-state";

const options = <Word extends string>(words: readonly Word[], names: Record<Word, string>) => words.map((value) => ({ value, label: names[value].toLowerCase() }));

const fieldsOf = (summary: FeedbackSummary | undefined): Field[] => [
  { kind: "choice", id: "model", label: "Model", options: summary?.byModel.filter(({ name }) => name !== "").map(({ name }) => ({ value: name })) },
  { kind: "choice", id: "type", label: "Type", options: options(TYPES, types) },
  { kind: "choice", id: "verdict", label: "Said", options: options(VERDICTS, verdicts) },
  { kind: "choice", id: "state", label: "State", options: options(STATES, states) },
  { kind: "choice", id: "says", label: "With", options: options(SAYS, { correction: "a correction", comment: "a comment" }) },
  { kind: "text", id: "person", label: "By", example: "user-42" },
  { kind: "text", id: "operation", label: "Operation", example: "op_01k9f3m" },
  { kind: "text", id: "conversation", label: "Conversation", example: "conversation-7" },
];

/** What people say of answers: how good they were, what would have been right, and what is held. */
export default function FeedbackPage() {
  const search: FeedbackSearch = useSearch({ from: "/signed-in/feedback" });
  const navigate = useNavigate({ from: paths.feedback });
  const go = (next: FeedbackSearch) => void navigate({ search: next, replace: true });
  const { data: summary, error, refetch } = useSummary(search);
  const list = useFeedback(search);
  const narrowed = isNarrowed(search);
  const none = isNone(search, list.rows, summary);
  return (
    <>
      <PageHead
        title="Feedback"
        action={!none && <Period of={search} onChange={go} />}
      >
        <span role="status" className="block max-sm:min-h-10">
          {summary && !none ? answerOf(summary, search) : "What people say of answers, and what would have been right."}
        </span>
      </PageHead>
      {error && <Failure title={failed(summary)} error={error} onRetry={() => void refetch()} className="mb-4" />}
      {none ? (
        <NoFeedback />
      ) : (
        <>
          {!isOfFew(search) && <Overview of={summary} search={search} failed={error !== null} onChange={go} />}
          <Said summary={summary} search={search} list={list} narrowed={narrowed} onChange={go} />
        </>
      )}
    </>
  );
}

const isNarrowed = (search: FeedbackSearch) => FILTERS.some((name) => search[name] !== undefined);

/** Who looks for something in particular sees it at once; figures know nothing of these. */
const isOfFew = ({ state, person, operation, conversation }: FeedbackSearch) => [state, person, operation, conversation].some((each) => each !== undefined);

/** Nobody said anything yet, as far as one sees without choosing. */
const isNone = (search: FeedbackSearch, rows: FeedbackRead[] | undefined, summary: FeedbackSummary | undefined) =>
  !isNarrowed(search) && search.period === undefined && rows?.length === 0 && summary?.told === 0;

const failed = (known: FeedbackSummary | undefined) => (known ? "The figures could not be brought up to date" : "The figures could not be added up");

const choices = PERIODS.map((value) => ({ value, label: periods[value].label }));

function Period({ of: search, onChange }: { of: FeedbackSearch; onChange: (search: FeedbackSearch) => void }) {
  return <Segmented label="Period" value={search.period ?? USUAL_PERIOD} options={choices} onChange={(period) => onChange({ ...search, period })} />;
}

interface PartProps {
  search: FeedbackSearch;
  onChange: (search: FeedbackSearch) => void;
}

/** The number, its picture, and what it is made of. */
function Overview({ of: summary, search, failed, onChange }: PartProps & { of: FeedbackSummary | undefined; failed: boolean }) {
  const { data: trends } = useTrends(search);
  if (!summary) return failed ? null : <Waiting />;
  return (
    <div className="space-y-8">
      {summary.held > 0 && <Held count={summary.held} onLook={() => onChange({ state: "held" })} />}
      <Figures of={summary} />
      {trends ? <Picture of={trends} /> : <Skeleton className="h-64" />}
      {summary.told > 0 && <Breakdown of={summary} onModel={(model) => onChange({ ...search, model })} />}
    </div>
  );
}

interface SaidProps extends PartProps {
  summary: FeedbackSummary | undefined;
  list: ReturnType<typeof useFeedback>;
  narrowed: boolean;
}

/** Each piece of feedback; what is held is decided in bulk. */
function Said({ summary, search, list, narrowed, onChange }: SaidProps) {
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const reviews = useMay("datasets:write") && search.state === "held";
  const close = () => onChange(without(search, "open"));
  const clear = () => onChange(without(search, ...FILTERS));
  return (
    <section aria-labelledby="said" className={isOfFew(search) ? "" : "mt-8"}>
      <h2 id="said" className="mb-2 text-base font-semibold">
        What was said
      </h2>
      <FilterBar
        fields={fieldsOf(summary)}
        chosen={Object.fromEntries(FILTERS.map((name) => [name, search[name] === undefined ? [] : [search[name]]]))}
        onChange={(field, values) => onChange({ ...without(search, field as (typeof FILTERS)[number]), ...(values.length > 0 && { [field]: values.at(-1) }) })}
        onClear={clear}
      />
      <div className="mt-4">
        <DataTable
          what="feedback"
          columns={columns}
          getKey={({ id }) => id}
          onOpen={({ id }) => onChange({ ...search, open: id })}
          open={search.open ?? null}
          onClose={close}
          {...(reviews && { selection: { keys: picked, onChange: setPicked }, bulk: (rows: FeedbackRead[]) => <Bulk of={rows} onDone={() => setPicked(new Set())} /> })}
          {...list}
          empty={narrowed ? <NothingFound onClear={clear} /> : <NoFeedback />}
        />
      </div>
      <Opened id={search.open} among={list.rows} onClose={close} onPerson={(person) => onChange({ ...without(search, "open"), person })} />
    </section>
  );
}

interface OpenedProps {
  id: string | undefined;
  among: FeedbackRead[] | undefined;
  onClose: () => void;
  onPerson: (person: string) => void;
}

function Opened({ id, among, ...panel }: OpenedProps) {
  const { opened, error } = useOpened("feedback", FEEDBACK, among, id);
  if (error) return <Failure title="The feedback could not be opened" error={error} className="mt-4" />;
  return opened && <FeedbackPanel key={opened.id} of={opened} {...panel} />;
}

function Waiting() {
  return (
    <div role="status" aria-label="Loading the figures" className="space-y-8">
      <Skeleton className="h-20" />
      <Skeleton className="h-64" />
    </div>
  );
}
