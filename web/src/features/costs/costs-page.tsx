import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";

import { lineOf } from "./budgets";
import { columnsOf, type CostRow } from "./columns";
import { Controls } from "./controls";
import { Figures } from "./figures";
import { CostFiles } from "./files";
import { callsOf } from "./links";
import { NothingSpent } from "./nothing-spent";
import { Picture } from "./picture";
import { useBudgets, useCosts } from "./queries";
import { MANY, USUAL, type CostsSearch } from "./routes";
import { fills } from "./stacks";
import { answerOf } from "./words";

import type { CostReport } from "@/api/schema.gen";
import { DataTable } from "@/components/data-table/data-table";
import { Failure } from "@/components/failure";
import { PageHead } from "@/components/page-head";
import { Skeleton } from "@/components/ui/skeleton";
import { plural, usd } from "@/lib/format";
import { paths } from "@/lib/paths";

/** What calls cost and earned, by any of what is known of them. */
export default function CostsPage() {
  const search: CostsSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const show = (next: CostsSearch) => void navigate({ to: paths.costs, search: next, replace: true });
  const { data: report, error, refetch, isPlaceholderData } = useCosts(search);
  return (
    <>
      <PageHead title="Costs" action={<CostFiles search={search} />}>
        <span role="status" className="block max-sm:min-h-10">
          {report ? answerOf(report) : "What calls cost and earned, by any of what is known of them."}
        </span>
      </PageHead>
      <Controls search={search} onChange={show} />
      {error && <Failure title={report ? "The costs could not be brought up to date" : "The costs could not be added up"} error={error} onRetry={() => void refetch()} className="mt-4" />}
      {report ? (
        <div aria-busy={isPlaceholderData} className={isPlaceholderData ? "opacity-60" : ""}>
          <Body report={report} search={search} onClear={() => show({})} />
        </div>
      ) : (
        !error && <Waiting />
      )}
    </>
  );
}

function Body({ report, search, onClear }: { report: CostReport; search: CostsSearch; onClear: () => void }) {
  const limits = useBudgets();
  if (report.total.calls === 0) return <NothingSpent narrowed={Object.keys(search).length > 0} onClear={onClear} />;
  return (
    <div className="mt-6 space-y-8">
      <Figures report={report} />
      <Picture report={report} line={lineOf(limits, search, report.step)} />
      <Values report={report} search={search} />
    </div>
  );
}

/** Every value with its share; a row leads to the calls that it is made of. */
function Values({ report, search }: { report: CostReport; search: CostsSearch }) {
  const navigate = useNavigate();
  const limits = useBudgets();
  const by = search.by ?? USUAL.by;
  const rows = useMemo(() => {
    const colours = fills(by, report.items);
    return report.items.map((item, index): CostRow => ({ ...item, fill: colours[index] }));
  }, [report, by]);
  const earns = report.total.revenueUsd !== null;
  const compares = report.items.some(({ before }) => (before?.costUsd ?? 0) > 0);
  const columns = useMemo(() => columnsOf(by, limits, earns, compares), [by, limits, earns, compares]);
  const leads = MANY.some((name) => name === by);
  const go = (row: CostRow) => {
    const to = callsOf(search, report, row);
    if (to) void navigate({ to: paths.operations, search: to });
  };
  return (
    <section aria-labelledby="values">
      <h2 id="values" className="mb-2 text-base font-semibold">
        {leads ? "Each, and the calls behind it" : "Each"}
      </h2>
      <DataTable what="costs" columns={columns} rows={rows} getKey={({ value }) => value ?? ""} {...(leads && { onOpen: go })} />
      {report.rest && (
        <p className="mt-2 text-quiet">
          {plural(report.rest.values, "other")} cost {usd(report.rest.costUsd)} together; an export has each.
        </p>
      )}
    </section>
  );
}

function Waiting() {
  return (
    <div role="status" aria-label="Loading the costs" className="mt-6 space-y-8">
      <Skeleton className="h-20" />
      <Skeleton className="h-64" />
      <Skeleton className="h-48" />
    </div>
  );
}
