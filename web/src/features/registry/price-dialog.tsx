import { useState, type SubmitEvent } from "react";

import { draftOfModel, modelBody, noPrice, priceBody } from "./model-draft";
import { PriceFields } from "./price-fields";
import { useModelCommands } from "./use-model-commands";

import type { ModelRead } from "@/api/schema.gen";
import { Failure } from "@/components/failure";
import { errorAt, errorBeside } from "@/components/form/errors";
import { Field } from "@/components/form/field";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Input } from "@/components/ui/input";
import { zoneName } from "@/lib/time";

const FIELDS = ["price.input", "price.output", "price.cachedInput", "price.cacheWrite", "price.effectiveFrom"];

/** Another price, from now or from a moment to come; what is past stays as it was billed. */
export function PriceDialog({ model, onClose }: { model: ModelRead; onClose: () => void }) {
  const { price: held } = model;
  const [price, setPrice] = useState(() =>
    held
      ? { input: held.input, output: held.output, cachedInput: held.cachedInput ?? "", cacheWrite: held.cacheWrite ?? "", from: "" }
      : noPrice,
  );
  const { save } = useModelCommands();
  const body = priceBody(price);
  const beside = errorBeside(save.error, FIELDS);

  function submit(event: SubmitEvent) {
    event.preventDefault();
    save.mutate({ body: modelBody(draftOfModel(model), body, model), present: model }, { onSuccess: onClose });
  }

  return (
    <Dialog title={`Another price of ${model.name}`} wide busy={save.isPending} onClose={onClose}>
      <form onSubmit={submit} className="space-y-4">
        <p className="text-quiet">Calls that were billed already keep their price.</p>
        <PriceFields price={price} error={save.error} onChange={setPrice} />
        <Field
          label="From"
          optional
          help={`Empty: from now on. In your zone, ${zoneName()}.`}
          error={errorAt(save.error, "price.effectiveFrom")}
        >
          {(control) => (
            <Input {...control} type="datetime-local" value={price.from} onChange={(event) => setPrice({ ...price, from: event.target.value })} />
          )}
        </Field>
        {beside && <Failure title="Nothing was saved" error={beside} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button disabled={save.isPending} onClick={onClose}>
            Cancel
          </Button>
          <Button look="primary" type="submit" disabled={save.isPending || body === null}>
            {save.isPending ? "Saving…" : price.from === "" ? "Set the price" : "Plan the price"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
