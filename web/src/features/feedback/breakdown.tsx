import { types } from "./words";

import type { FeedbackFiguresOf, FeedbackSummary } from "@/api/schema.gen";
import { Cell, Head, Row, Table } from "@/components/ui/table";
import { count, DASH, percent, percentInterval, plural } from "@/lib/format";

const MOST = 6;

interface Props {
  of: FeedbackSummary;
  onModel: (model: string) => void;
}

/** The same by model, by type and by measure, the most told first; intervals are drawn, so that small numbers look small. */
export function Breakdown({ of: summary, onModel }: Props) {
  return (
    <div className="grid gap-x-10 gap-y-8 lg:grid-cols-2">
      <By name="model" rows={summary.byModel} onPick={onModel} />
      <div className="min-w-0 space-y-8">
        <By name="type" rows={summary.byType} word={(name) => types[name as keyof typeof types]} />
        <Signals of={summary} />
      </div>
    </div>
  );
}

interface ByProps {
  name: string;
  rows: readonly FeedbackFiguresOf[];
  word?: (name: string) => string;
  onPick?: (name: string) => void;
}

function By({ name, rows, word = (each) => each, onPick }: ByProps) {
  return (
    <section aria-labelledby={`by-${name}`} className="min-w-0">
      <h2 id={`by-${name}`} className="mb-2 text-base font-semibold">
        By {name}
      </h2>
      <Table>
        <thead>
          <tr>
            <Head className="capitalize">{name}</Head>
            <Head className="w-28 max-sm:hidden">0 to 100&#8239;%</Head>
            <Head numeric>Good</Head>
            <Head numeric>Said</Head>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MOST).map((row) => (
            <Row key={row.name}>
              <Cell className="max-w-48 truncate">
                {onPick ? (
                  <button type="button" className="hit max-w-full truncate text-accent-ink underline underline-offset-4" onClick={() => onPick(row.name)}>
                    {row.name || "not known"}
                  </button>
                ) : (
                  word(row.name)
                )}
              </Cell>
              <Cell className="max-sm:hidden">
                <Interval of={row} />
              </Cell>
              <Cell numeric>{row.sharePositive ? percent(row.sharePositive.value) : DASH}</Cell>
              <Cell numeric>{count(row.told)}</Cell>
            </Row>
          ))}
        </tbody>
      </Table>
    </section>
  );
}

/** A share as a point on its interval. */
function Interval({ of: { sharePositive } }: { of: FeedbackFiguresOf }) {
  if (!sharePositive) return null;
  const { value, low, high } = sharePositive;
  return (
    <span role="img" aria-label={`${percentInterval(low, high)} with 95 % confidence`} className="relative block h-4 rounded-sm bg-sunken">
      <span className="absolute inset-y-1 rounded-sm bg-mark-soft" style={{ left: `${low * 100}%`, width: `${(high - low) * 100}%` }} />
      <span className="absolute inset-y-0.5 w-0.5 bg-accent" style={{ left: `calc(${value * 100}% - 1px)` }} />
    </span>
  );
}

/** How conversations went; that one was completed is a guess. */
function Conversations({ of }: { of: FeedbackSummary["conversations"] }) {
  const { ended, conversationLength, taskCompletion, userRetention, escalationRate } = of;
  if (ended === 0) return null;
  const facts = [
    conversationLength !== null && `${conversationLength.toFixed(1)} calls each`,
    taskCompletion && `${percent(taskCompletion.value)} seem to have got what they came for`,
    escalationRate && `${percent(escalationRate.value)} asked for a person`,
    userRetention && `${percent(userRetention.value)} of known users had been there before`,
  ];
  return (
    <p className="mt-2 text-sm text-pretty">
      {plural(ended, "conversation")} ended: {facts.filter(Boolean).join(", ")}.
    </p>
  );
}

const signs = {
  rephrase: "asked again, nearly as it was",
  abandon: "left without an answer that helped",
  handover: "asked for a person instead",
  copy: "copied, as a client told",
  retry: "asked anew, as a client told",
} as const;

/** What nobody said: kept apart, and never part of the shares. */
function Signals({ of: { signals, conversations } }: { of: FeedbackSummary }) {
  const seen = Object.entries(signs).filter(([kind]) => signals[kind as keyof typeof signs] > 0);
  return (
    <section aria-labelledby="signals">
      <h2 id="signals" className="text-base font-semibold">
        Signs that nobody said
      </h2>
      <p className="mt-1 text-sm text-pretty text-quiet">Read in conversations, and kept apart: no share above counts them.</p>
      <Conversations of={conversations} />
      {seen.length > 0 && (
        <ul className="mt-2 text-sm">
          {seen.map(([kind, words]) => (
            <li key={kind} className="flex justify-between gap-4 border-t border-line py-1.5">
              {words} <span className="font-medium">{count(signals[kind as keyof typeof signs])}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

