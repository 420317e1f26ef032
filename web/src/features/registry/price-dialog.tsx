import { useState } from "react";

import { draftOfModel, modelBody, noPrice, priceBody } from "./model-draft";
import { PriceFields } from "./price-fields";
import { useModelCommands } from "./use-model-commands";

import type { ModelRead } from "@/api/schema.gen";
import { Failure } from "@/components/failure";
import { errorAt, errorBeside } from "@/components/form/errors";
import { Field } from "@/components/form/field";
import { FormDialog } from "@/components/form/form-dialog";
import { Input } from "@/components/ui/input";
import { zoneName } from "@/lib/time";

const FIELDS = [
  "price.input",
  "price.output",
  "price.cachedInput",
  "price.cacheWrite",
  "price.cacheWriteHour",
  "price.batch",
  "price.effectiveFrom",
];

/** Another price, from now or from a moment to come; what is past stays as it was billed. */
export function PriceDialog({ model, onClose }: { model: ModelRead; onClose: () => void }) {
  const { price: held } = model;
  const [price, setPrice] = useState(() =>
    held
      ? {
          input: held.input,
          output: held.output,
          cachedInput: held.cachedInput ?? "",
          cacheWrite: held.cacheWrite ?? "",
          cacheWriteHour: held.cacheWriteHour ?? "",
          batch: held.batch ?? "",
          from: "",
        }
      : noPrice,
  );
  const { save } = useModelCommands();
  const body = priceBody(price);
  const beside = errorBeside(save.error, FIELDS);

  return (
    <FormDialog
      title={`Another price of ${model.name}`}
      action={price.from === "" ? "Set the price" : "Plan the price"}
      doing="Saving…"
      error={save.error}
      busy={save.isPending}
      ready={body !== null}
      wide
      onSubmit={() => save.mutate({ body: modelBody(draftOfModel(model), body, model), present: model }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p className="text-quiet">Calls that were billed already keep their price.</p>
      <PriceFields price={price} error={save.error} onChange={setPrice} />
      <Field label="From" optional help={`Empty: from now on. In your zone, ${zoneName()}.`} error={errorAt(save.error, "price.effectiveFrom")}>
        {(control) => (
          <Input {...control} type="datetime-local" value={price.from} onChange={(event) => setPrice({ ...price, from: event.target.value })} />
        )}
      </Field>
      {beside && <Failure title="Nothing was saved" error={beside} />}
    </FormDialog>
  );
}
