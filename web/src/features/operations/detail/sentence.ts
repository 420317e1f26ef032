import type { OperationRead } from "@/api/schema.gen";
import { duration, plural, usd } from "@/lib/format";

/** An operation in a sentence: "Answered in 412 ms for $0.000312 after one failed attempt." */
export function sentence(operation: OperationRead): string {
  const { status, latencyMs, costUsd, attempts, errorCode } = operation;
  const time = latencyMs === null ? "" : ` ${status === "success" ? "in" : "after"} ${duration(latencyMs)}`;
  const price = priced(operation);
  if (status === "success") return `Answered${time}${price}${failures(operation)}.`;
  if (status === "cancelled") return `The client left${time}; what it got was billed${price}.`;
  if (status === "interrupted") return `Interrupted: the process that served it ended. The cost of ${usd(costUsd)} is estimated.`;
  return `Failed${time} with ${errorCode ?? "an error"}; ${plural(attempts.length, "attempt")} made${price}.`;
}

const priced = ({ costUsd, usageEstimated }: OperationRead) => (costUsd === 0 ? " at no cost" : ` for ${usageEstimated ? "about " : ""}${usd(costUsd)}`);

function failures({ attempts }: OperationRead): string {
  const failed = attempts.slice(0, -1).filter(({ error }) => error != null).length;
  if (failed === 0) return "";
  return failed === 1 ? " after one failed attempt" : ` after ${plural(failed, "failed attempt")}`;
}
