import type { Answer } from "./answer";

import { duration, usd } from "@/lib/format";

interface Side {
  name: string;
  answer: Answer | undefined;
}

/** Two answers side by side, in a sentence; null while one of them is not there. */
export function verdict(left: Side, right: Side): string | null {
  const [a, b] = [measured(left.answer), measured(right.answer)];
  if (a === null || b === null) return null;
  const sooner = better(left.name, right.name, a.totalMs, b.totalMs);
  const priced = a.costUsd !== null && b.costUsd !== null ? { a: a.costUsd, b: b.costUsd } : null;
  const cheaper = priced && better(left.name, right.name, priced.a, priced.b);
  return sentence(sooner, cheaper, priced !== null);
}

function sentence(sooner: Better | null, cheaper: Better | null, priced: boolean): string {
  const cost = cheaper && `cost ${usd(cheaper.by)} less`;
  if (!sooner) return cheaper ? `Both took as long; ${cheaper.name} ${cost}.` : "Both took as long and cost the same.";
  const time = `${sooner.name} answered ${duration(sooner.by)} sooner`;
  if (!cheaper) return priced ? `${time}, for the same cost.` : `${time}.`;
  return cheaper.name === sooner.name ? `${time} and ${cost}.` : `${time}; ${cheaper.name} ${cost}.`;
}

interface Measured {
  totalMs: number;
  costUsd: number | null;
}

function measured(answer: Answer | undefined): Measured | null {
  return answer?.state === "done" && answer.totalMs !== null ? { totalMs: answer.totalMs, costUsd: answer.costUsd } : null;
}

interface Better {
  name: string;
  by: number;
}

function better(left: string, right: string, a: number, b: number): Better | null {
  return a === b ? null : { name: a < b ? left : right, by: Math.abs(a - b) };
}
