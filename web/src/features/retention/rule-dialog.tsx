import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";

import { previewQuery, useChangeRule } from "./queries";
import { keptFor, kindName, rowsOf, wrongDays } from "./words";

import type { RuleRead } from "@/api/schema.gen";
import { Failure } from "@/components/failure";
import { CheckField } from "@/components/form/check-field";
import { FormDialog } from "@/components/form/form-dialog";
import { TextField } from "@/components/form/text-field";
import { toasts } from "@/components/toast/store";
import { plannedTime } from "@/lib/time";

const SUGGESTED = 365;

/** The number of days as it is typed, or for ever, and what is wrong with it. */
function useDraft(rule: RuleRead) {
  const [ever, setEver] = useState(rule.days === null);
  const [text, setText] = useState(String(rule.days ?? rule.defaultDays ?? Math.max(SUGGESTED, rule.leastDays)));
  const days = ever ? null : Number(text);
  const right = days === null || wrongDays(rule, days) === null;
  return { ever, setEver, text, setText, days, right, ready: right && days !== rule.days };
}

/** Changes a rule; what would go next is told before it is saved. */
export function RuleDialog({ rule, onClose }: { rule: RuleRead; onClose: () => void }) {
  const name = kindName(rule.kind);
  const change = useChangeRule(rule);
  const { ever, setEver, text, setText, days, right, ready } = useDraft(rule);

  function submit() {
    change.mutate(days, {
      onSuccess: () => {
        toasts.show(`${name}: kept ${keptFor(days)}`);
        onClose();
      },
    });
  }

  return (
    <FormDialog
      title={`How long are ${name.toLowerCase()} kept?`}
      action={days === null || (Number.isInteger(days) && days > 0) ? `Keep ${keptFor(days)}` : "Keep"}
      doing="Saving…"
      error={change.error}
      busy={change.isPending}
      ready={ready}
      danger={shorter(rule, days)}
      onSubmit={submit}
      onClose={onClose}
    >
      <p className="text-pretty text-quiet">{rule.about}</p>
      {rule.mostDays === null && <CheckField label="Keep for ever" checked={ever} onChange={setEver} />}
      {!ever && (
        <TextField
          label="Days"
          value={text}
          onChange={setText}
          check={(value) => wrongDays(rule, Number(value))}
          unit="days"
          inputMode="numeric"
          data-autofocus
        />
      )}
      <div aria-live="polite" className={right ? "min-h-12 text-pretty" : "sr-only"}>
        {ready && <Effect rule={rule} days={days} />}
      </div>
      {change.error && <Failure title="Nothing was changed" error={change.error} />}
    </FormDialog>
  );
}

const shorter = (rule: RuleRead, days: number | null) => days !== null && (rule.days === null || days < rule.days);

/** What the next run would take under this rule. */
function Effect({ rule, days }: { rule: RuleRead; days: number | null }) {
  const { data, error } = useQuery(previewQuery(rule, useDeferredValue(days)));
  if (error) return <Failure title="What would go could not be counted" error={error} />;
  const due = data?.rules.find(({ kind }) => kind === rule.kind)?.due;
  if (!data || !due) return <p className="text-quiet">Counting what would go…</p>;
  if (due.before === null || due.rows === 0) return <p>Nothing would go at the next run, {plannedTime(data.nextRun)}.</p>;
  return (
    <p>
      <strong className="font-medium">{rowsOf(due.rows)}</strong> from before {plannedTime(due.before)} go for good at the next run, {plannedTime(data.nextRun)}.
    </p>
  );
}
