import { useState } from "react";

import { amountFault, plainAmount } from "./draft";
import { LenienceField } from "./lenience-field";
import { useUpdateLimit } from "./queries";
import { allowance, measures, quantity, subjectInText, subjectName } from "./words";

import type { LimitRead } from "@/api/schema.gen";
import { Failure } from "@/components/failure";
import { errorAt, errorBeside } from "@/components/form/errors";
import { FormDialog } from "@/components/form/form-dialog";
import { TextField } from "@/components/form/text-field";
import { Notice } from "@/components/notice";
import { toasts } from "@/components/toast/store";
import { Button } from "@/components/ui/button";

/** The amount as it is typed, and what becomes of calls without the database; a change of others is never overwritten unseen. */
function useDraft({ measure, amount: was, onStoreLoss, version }: LimitRead) {
  const [base, setBase] = useState(version);
  const [text, setText] = useState(was);
  const [lenient, setLenient] = useState(onStoreLoss === "allow");
  const amount = plainAmount(text);
  const right = amountFault(measure, text) === null;
  const same = Number(amount) === Number(was) && lenient === (onStoreLoss === "allow");
  const overtaken = version > base;
  return { text, setText, lenient, setLenient, amount, right, base, overtaken, goOn: () => setBase(version), ready: right && !same && !overtaken };
}

/** Changes how much a limit allows; what was used stays used, and what follows is told before it is saved. */
export function ChangeDialog({ of: limit, onClose }: { of: LimitRead; onClose: () => void }) {
  const { id, measure, window } = limit;
  const { text, setText, lenient, setLenient, amount, right, base, overtaken, goOn, ready } = useDraft(limit);
  const { mutate, error, isPending } = useUpdateLimit();
  const beside = errorBeside(error, ["amount"]);
  const wanted = allowance(measure, window, Number(amount));

  function submit() {
    mutate(
      { id, amount, onStoreLoss: lenient ? "allow" : "deny", version: base },
      {
        onSuccess: () => {
          toasts.show(`${subjectName(limit)}: ${wanted}`);
          onClose();
        },
      },
    );
  }

  return (
    <FormDialog
      title={`Change the limit on ${subjectInText(limit)}`}
      action={right ? `Allow ${wanted}` : "Allow"}
      doing="Saving…"
      error={error}
      busy={isPending}
      ready={ready}
      wide
      onSubmit={submit}
      onClose={onClose}
    >
      {overtaken && !isPending ? <Overtaken by={limit} onGoOn={goOn} /> : beside && <Failure title="Nothing was changed" error={beside} />}
      <TextField
        label="At most"
        help={`Now ${allowance(measure, window, Number(limit.amount))}.`}
        unit={measures[measure].unit}
        inputMode={measure === "cost" ? "decimal" : "numeric"}
        value={text}
        check={(typed) => amountFault(measure, typed)}
        error={errorAt(error, "amount")}
        onChange={setText}
      />
      <LenienceField checked={lenient} onChange={setLenient} />
      <p aria-live="polite" className="min-h-10 text-pretty text-quiet">
        {ready && <Effect limit={limit} amount={Number(amount)} />}
      </p>
    </FormDialog>
  );
}

function Overtaken({ by: { measure, window, amount }, onGoOn }: { by: LimitRead; onGoOn: () => void }) {
  return (
    <Notice tone="warn" title="Somebody changed this limit meanwhile" action={<Button onClick={onGoOn}>Go on with mine</Button>}>
      It allows {allowance(measure, window, Number(amount))} now. Nothing of yours is saved yet.
    </Notice>
  );
}

/** What the new amount does to calls in the present window. */
function Effect({ limit: { measure, window, use }, amount }: { limit: LimitRead; amount: number }) {
  const used = Number(use.used);
  const taken = `${quantity(measure, used)} ${window === null ? "in progress" : "used already"}`;
  if (used < amount) return `${taken}, so ${quantity(measure, amount - used)} ${amount - used === 1 || measure === "cost" ? "is" : "are"} left.`;
  return `${taken}: calls are refused ${window === null ? "until enough of them have ended" : "until it starts anew"}.`;
}
