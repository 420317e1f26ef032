import { CircleCheck, CircleX } from "lucide-react";

import type { AttemptRead, CandidateRead, OperationRead } from "@/api/schema.gen";
import { Cell, Head, Row, Table } from "@/components/ui/table";
import { category } from "@/lib/category";
import { cn } from "@/lib/cn";
import { count, duration, orDash, percent, usdExact } from "@/lib/format";

/** A phone has no room for it; the facts below tell it of the whole operation. */
const rare = "hidden sm:table-cell";

/** What was tried, when, and what each try cost. */
export function Attempts({ attempts, candidates, reason, latencyMs }: OperationRead) {
  const end = Math.max(latencyMs ?? 0, ...attempts.map(({ startedMs, durationMs }) => (startedMs ?? 0) + (durationMs ?? 0)), 1);
  return (
    <section aria-labelledby="attempts" className="space-y-3">
      <h2 id="attempts" className="text-base font-semibold">
        Attempts
      </h2>
      <ol className="space-y-2">
        {attempts.map((attempt) => (
          <li key={attempt.number}>
            <Attempt attempt={attempt} end={end} />
          </li>
        ))}
      </ol>
      <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Tokens and cost by attempt">
        <Table>
          <thead>
            <tr>
              <Head>Attempt</Head>
              <Head numeric>Tokens in</Head>
              <Head numeric className={rare}>
                Cached
              </Head>
              <Head numeric className={rare}>
                Put into the cache
              </Head>
              <Head numeric>Tokens out</Head>
              <Head numeric className={rare}>
                Reasoning
              </Head>
              <Head numeric>Cost</Head>
            </tr>
          </thead>
          <tbody>
            {attempts.map((attempt) => (
              <Row key={attempt.number}>
                <Cell>{attempt.number}</Cell>
                <Cell numeric>{count(attempt.inputTokens)}</Cell>
                <Cell numeric className={rare}>
                  {count(attempt.cachedTokens)}
                </Cell>
                <Cell numeric className={rare}>
                  {count(attempt.cacheWriteTokens)}
                </Cell>
                <Cell numeric>{count(attempt.outputTokens)}</Cell>
                <Cell numeric className={rare}>
                  {count(attempt.reasoningTokens)}
                </Cell>
                <Cell numeric title={attempt.estimated ? "Estimated: the provider did not report tokens" : undefined}>
                  {attempt.estimated && "about "}
                  {usdExact(attempt.costUsd)}
                </Cell>
              </Row>
            ))}
          </tbody>
        </Table>
      </div>
      {candidates.length > 0 && <Candidates candidates={candidates} />}
      {reason && <p className="text-quiet">{reason.said}</p>}
    </section>
  );
}

/** One try as a bar on the time of the whole operation. */
function Attempt({ attempt, end }: { attempt: AttemptRead; end: number }) {
  const { model, provider, error, errorMessage, status, durationMs, ttftMs } = attempt;
  const failed = error != null;
  const Icon = failed ? CircleX : CircleCheck;
  return (
    <div>
      <p className="flex flex-wrap items-center gap-x-2">
        <Icon aria-hidden="true" className={cn("size-4", failed ? "text-bad" : "text-good")} />
        <span className="min-w-0 font-medium break-words">{model}</span>
        <span className="text-quiet">
          {[provider, status && `HTTP ${status}`, ttftMs && `first token after ${duration(ttftMs)}`].filter(Boolean).join(", ")}
        </span>
        <span className="ml-auto">{orDash(durationMs ?? null, duration)}</span>
      </p>
      <Bar attempt={attempt} end={end} colour={failed ? "var(--mark-bad)" : category(model)} />
      {failed && (
        <p className="mt-1 break-words text-bad">
          <code className="font-mono text-xs">{error}</code> {errorMessage}
        </p>
      )}
    </div>
  );
}

function Bar({ attempt: { startedMs, durationMs }, end, colour }: { attempt: AttemptRead; end: number; colour: string }) {
  const left = Math.min(99, (100 * (startedMs ?? 0)) / end);
  const width = Math.min(100 - left, Math.max(0.5, (100 * (durationMs ?? 0)) / end));
  return (
    <div aria-hidden="true" className="mt-1 h-2 rounded-sm bg-sunken">
      <div className="h-2 rounded-sm" style={{ marginLeft: `${left}%`, width: `${width}%`, backgroundColor: colour }} />
    </div>
  );
}

function Candidates({ candidates }: { candidates: CandidateRead[] }) {
  return (
    <p className="text-quiet">
      Could have been chosen first: {candidates.map(({ model, propensity }) => `${model} (${percent(propensity)})`).join(", ")}.
    </p>
  );
}
