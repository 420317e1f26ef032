import { useState } from "react";

import { RuleDialog } from "./rule-dialog";
import { keptFor, kindName, rowsOf } from "./words";

import type { RuleRead } from "@/api/schema.gen";
import { Button } from "@/components/ui/button";
import { When } from "@/components/when";
import { shortTime } from "@/lib/time";
import { useNow } from "@/lib/use-now";

/** Each kind with its rule, what goes next, and a way to change it. */
export function RulesTable({ rules }: { rules: RuleRead[] }) {
  const [open, setOpen] = useState<string | null>(null);
  const changing = rules.find(({ kind }) => kind === open);
  return (
    <>
      <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
        {rules.map((rule) => (
          <Row key={rule.kind} rule={rule} onChange={() => setOpen(rule.kind)} />
        ))}
      </ul>
      {changing && <RuleDialog rule={changing} onClose={() => setOpen(null)} />}
    </>
  );
}

function Row({ rule, onChange }: { rule: RuleRead; onChange: () => void }) {
  const fixed = rule.mostDays === rule.leastDays;
  return (
    <li className="grid items-center gap-x-4 gap-y-1 px-4 py-3 md:grid-cols-[minmax(0,1fr)_9rem_15rem_6rem] xl:grid-cols-[minmax(0,1fr)_9rem_17rem_5rem]">
      <div className="min-w-0">
        <h3 className="font-medium">{kindName(rule.kind)}</h3>
        <p className="text-sm text-pretty text-quiet">{rule.about}</p>
      </div>
      <p>
        <span className="text-quiet md:sr-only">Kept </span>
        {keptFor(rule.effectiveDays)}
        {rule.effectiveDays !== rule.days && <span className="block text-sm text-quiet">with their operations</span>}
      </p>
      <p className="text-sm text-balance">
        <Next rule={rule} />
      </p>
      {fixed ? (
        <p className="text-sm text-quiet md:text-right">Fixed</p>
      ) : (
        <Button onClick={onChange} aria-label={`Change ${kindName(rule.kind).toLowerCase()}`} className="w-fit max-md:mt-2 md:justify-self-end">
          Change
        </Button>
      )}
    </li>
  );
}

function Next({ rule: { due } }: { rule: RuleRead }) {
  const now = useNow(60_000);
  if (due.oldest === null) return <span className="text-quiet">There is nothing yet</span>;
  if (due.before === null || due.rows === 0) {
    // Sessions are kept until they end: the oldest may end in days to come.
    const ahead = Date.parse(due.oldest) > now;
    return (
      <span className="text-quiet">
        Nothing goes; the oldest {ahead ? "ends" : "is from"}{" "}
        <span className="whitespace-nowrap">
          <When at={due.oldest} />
        </span>
      </span>
    );
  }
  return (
    <>
      <strong className="font-medium">{rowsOf(due.rows)}</strong> <span className="text-quiet">
        from before <span className="whitespace-nowrap">{shortTime(due.before)}</span> go next
      </span>
    </>
  );
}
