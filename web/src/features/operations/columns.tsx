import { Status } from "./operation-status";

import type { Operation } from "@/api/schema";
import type { Column } from "@/components/data-table/columns";
import { EndUser } from "@/components/who";
import { category } from "@/lib/category";
import { count, DASH, duration, orDash, usdExact } from "@/lib/format";
import { briefTime, fullTime, shortTimeExact } from "@/lib/time";

/** Columns of the list; `exported` names what stands for each in a file. */
export const columns: (Column<Operation> & { exported: string[] })[] = [
  {
    id: "time",
    header: "Time",
    priority: 1,
    fixed: true,
    width: "9rem",
    phoneWidth: "6.75rem",
    exported: ["id", "createdAt"],
    cell: ({ createdAt }) => (
      <time dateTime={createdAt} title={fullTime(createdAt)}>
        <span className="md:hidden">{briefTime(createdAt)}</span>
        <span className="max-md:hidden">{shortTimeExact(createdAt)}</span>
      </time>
    ),
  },
  {
    id: "status",
    header: "Status",
    priority: 1,
    width: "10rem",
    phoneWidth: "3.5rem",
    exported: ["status", "errorCode"],
    cell: (operation) => <Status operation={operation} brief />,
  },
  {
    id: "model",
    header: "Model",
    priority: 1,
    exported: ["modelName"],
    cell: ({ modelName, status }) => (
      // On a phone in two lines: names mostly differ at their end.
      <span title={`${modelName}, ${status}`} className="max-md:line-clamp-2 max-md:text-xs/4 max-md:break-words max-md:whitespace-normal">
        <span aria-hidden="true" className="mr-2 inline-block size-2 rounded-full" style={{ backgroundColor: category(modelName) }} />
        {modelName}
      </span>
    ),
  },
  { id: "route", header: "Route", priority: 3, width: "7.5rem", exported: ["route"], cell: ({ route }) => route ?? DASH },
  { id: "user", header: "User", priority: 4, width: "6.5rem", exported: ["userId"], cell: ({ userId }) => (userId === null ? DASH : <EndUser id={userId} />) },
  { id: "tokensIn", header: "Tokens in", numeric: true, priority: 4, width: "5.5rem", exported: ["inputTokens", "cachedTokens", "cacheWriteTokens", "cacheWriteHourTokens"], cell: ({ inputTokens }) => count(inputTokens) },
  { id: "tokensOut", header: "Tokens out", numeric: true, priority: 4, width: "5.75rem", exported: ["outputTokens"], cell: ({ outputTokens }) => count(outputTokens) },
  { id: "cost", header: "Cost", numeric: true, width: "6rem", exported: ["costUsd"], cell: ({ costUsd }) => usdExact(costUsd) },
  { id: "firstToken", header: "First token", numeric: true, optional: true, width: "6.5rem", exported: ["ttftMs"], cell: ({ ttftMs }) => orDash(ttftMs, duration) },
  { id: "latency", header: "Latency", numeric: true, priority: 1, width: "5.25rem", phoneWidth: "4.5rem", exported: ["latencyMs"], cell: ({ latencyMs }) => orDash(latencyMs, duration) },
  { id: "kind", header: "Kind", optional: true, width: "7rem", exported: ["kind"], cell: ({ kind }) => kind },
  { id: "provider", header: "Provider", optional: true, exported: ["provider"], cell: ({ provider }) => provider ?? DASH },
  { id: "conversation", header: "Conversation", optional: true, exported: ["conversationId"], cell: ({ conversationId }) => conversationId ?? DASH },
  { id: "id", header: "Id", optional: true, exported: [], cell: ({ id }) => <code className="font-mono text-xs">{id}</code> },
];
