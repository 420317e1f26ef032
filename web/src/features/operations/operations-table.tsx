import { Link } from "@tanstack/react-router";
import { ArrowLeftRight } from "lucide-react";
import { useState } from "react";

import { Status } from "./operation-status";

import type { Operation } from "@/api/schema";
import { CopyButton } from "@/components/copy-button";
import { ModelName } from "@/components/model-name";
import { Cell, Head, Row, Table } from "@/components/ui/table";
import { count, DASH, duration, orDash, usdExact } from "@/lib/format";
import { paths } from "@/lib/paths";
import { age, clockTimeExact, fullTime } from "@/lib/time";
import { useNow } from "@/lib/use-now";


/** Operations, one a row. On a phone the columns that one watches remain. */
export function OperationsTable({ operations }: { operations: Operation[] }) {
  const [exact, setExact] = useState(false);
  const now = useNow();
  return (
    <Table>
      <thead>
        <tr>
          <Head className="w-px">Status</Head>
          <Head>Model</Head>
          <Head className="hidden md:table-cell">Route</Head>
          <Head numeric className="hidden lg:table-cell">
            Tokens in
          </Head>
          <Head numeric className="hidden lg:table-cell">
            Tokens out
          </Head>
          <Head numeric className="hidden sm:table-cell">
            Cost
          </Head>
          <Head numeric className="hidden lg:table-cell">
            First token
          </Head>
          <Head numeric>Latency</Head>
          <Head numeric>
            <button
              type="button"
              onClick={() => setExact(!exact)}
              title={exact ? "Show how long ago" : "Show the exact time"}
              className="hit inline-flex h-6 items-center gap-1 rounded-sm hover:text-ink"
            >
              {exact ? "Time" : "When"} <ArrowLeftRight aria-hidden="true" className="size-3" />
            </button>
          </Head>
          <Head className="hidden pl-6 xl:table-cell">Id</Head>
        </tr>
      </thead>
      <tbody>
        {operations.map((operation) => (
          <OperationRow key={operation.id} operation={operation} now={now} exact={exact} />
        ))}
      </tbody>
    </Table>
  );
}

/** An id is as long as it has to be for a machine: `op_…456df1` tells it from its neighbours. */
const brief = (id: string) => `op_…${id.slice(-6)}`;

interface RowProps {
  operation: Operation;
  now: number;
  exact: boolean;
}

function OperationRow({ operation, now, exact }: RowProps) {
  const { id, createdAt, modelName, route } = operation;
  return (
    <Row className="hover:bg-sunken">
      <Cell>
        <Status operation={operation} brief />
      </Cell>
      <Cell className="max-w-52 max-md:w-full max-md:max-w-0">
        <ModelName name={modelName} />
      </Cell>
      <Cell className="hidden max-w-44 truncate text-quiet md:table-cell" title={route ?? undefined}>
        {route ?? DASH}
      </Cell>
      <Cell numeric className="hidden lg:table-cell">
        {orDash(operation.inputTokens, count)}
      </Cell>
      <Cell numeric className="hidden lg:table-cell">
        {orDash(operation.outputTokens, count)}
      </Cell>
      <Cell numeric className="hidden sm:table-cell">
        {orDash(operation.costUsd, usdExact)}
      </Cell>
      <Cell numeric className="hidden lg:table-cell">
        {orDash(operation.ttftMs, duration)}
      </Cell>
      <Cell numeric>{orDash(operation.latencyMs, duration)}</Cell>
      <Cell numeric>
        <time dateTime={createdAt} title={fullTime(createdAt)}>
          {exact ? clockTimeExact(createdAt) : age(now - Date.parse(createdAt))}
        </time>
      </Cell>
      <Cell className="hidden w-px pl-6 xl:table-cell">
        <span className="flex items-center gap-1">
          <Link to={paths.operation} params={{ operationId: id }} title={id} className="hit font-mono text-xs text-quiet underline decoration-line underline-offset-4 hover:text-ink">
            {brief(id)}
          </Link>
          <CopyButton text={id} what="the operation's id" />
        </span>
      </Cell>
    </Row>
  );
}
