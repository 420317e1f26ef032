import { useQuery } from "@tanstack/react-query";

import { outcomesQuery } from "./queries";
import { missing } from "./words";

import type { OutcomesOfModel, OutcomesRead } from "@/api/schema.gen";
import { Failure } from "@/components/failure";
import { Skeleton } from "@/components/ui/skeleton";
import { Cell, Head, Row, Table } from "@/components/ui/table";
import { count, percent, plural } from "@/lib/format";

/** What was told of answers so far, and whether that is enough. */
export function Outcomes() {
  const { data, error, refetch } = useQuery(outcomesQuery);
  return (
    <section aria-labelledby="outcomes" className="max-w-3xl">
      <h2 id="outcomes" className="text-lg font-semibold">
        Outcomes
      </h2>
      {data ? (
        <Told of={data} />
      ) : error ? (
        <Failure title="The outcomes could not be loaded" error={error} onRetry={() => void refetch()} className="mt-3" />
      ) : (
        <Skeleton className="mt-3 h-28" />
      )}
    </section>
  );
}

function Told({ of: { prompts, models, required } }: { of: OutcomesRead }) {
  const least = required["outcomesPerModel"] ?? 0;
  const short = (required["prompts"] ?? 0) - prompts;
  const answer = short > 0 ? `${plural(short, "more prompt")} ${short === 1 ? "is" : "are"} needed before anything can be learned.` : missing(models, least);
  return (
    <>
      <p className="mt-1 text-pretty text-quiet">
        {prompts === 0 ? "Nothing was told yet." : `How good answers to ${plural(prompts, "prompt")} were.`} {answer}
      </p>
      {models.length > 0 && <ByModel models={models} />}
    </>
  );
}

function ByModel({ models }: { models: readonly OutcomesOfModel[] }) {
  return (
    <Table className="mt-3">
      <caption className="sr-only">Outcomes by model</caption>
      <thead>
        <tr>
          <Head>Model</Head>
          <Head numeric>Outcomes</Head>
          <Head numeric>Mean score</Head>
          <Head>Enough</Head>
        </tr>
      </thead>
      <tbody>
        {models.map(({ model, outcomes, mean, enough }) => (
          <Row key={model}>
            <Cell className="max-w-48 truncate">{model}</Cell>
            <Cell numeric>{count(outcomes)}</Cell>
            <Cell numeric>{percent(mean)}</Cell>
            <Cell>{enough ? "yes" : "too few"}</Cell>
          </Row>
        ))}
      </tbody>
    </Table>
  );
}
