import { partFault, priceFault, type PriceDraft } from "./model-draft";

import { errorAt } from "@/components/form/errors";
import { TextField } from "@/components/form/text-field";

interface Props {
  price: PriceDraft;
  error: Error | null;
  onChange: (price: PriceDraft) => void;
  /** Without a price, calls are counted as free of charge: allowed where a model is new. */
  optional?: boolean;
}

const UNIT = "USD per 1 M tokens";

export function PriceFields({ price, error, onChange, optional = false }: Props) {
  const field = (name: "input" | "output" | "cachedInput" | "cacheWrite" | "cacheWriteHour") => ({
    value: price[name],
    unit: UNIT,
    inputMode: "decimal" as const,
    check: priceFault,
    error: errorAt(error, `price.${name}`),
    onChange: (value: string) => onChange({ ...price, [name]: value }),
  });
  return (
    <>
      <TextField label="Input price" help="For what is sent to the model." optional={optional} {...field("input")} />
      <TextField label="Output price" help="For what the model writes." optional={optional} {...field("output")} />
      <TextField label="Cached input price" help="For input that the provider still had. Empty: like any other input." optional {...field("cachedInput")} />
      <TextField
        label="Cache write price"
        help="For input that the provider puts into its cache. Empty: like any other input."
        optional
        {...field("cacheWrite")}
      />
      <TextField
        label="Cache write price for an hour"
        help="For input that is to stay in the cache for an hour. Empty: like any cache write."
        optional
        {...field("cacheWriteHour")}
      />
      <TextField
        label="Batch part"
        help="Part of these prices that a line of a batch pays, where the provider gives that. Empty: all of them."
        optional
        inputMode="decimal"
        value={price.batch}
        check={partFault}
        error={errorAt(error, "price.batch")}
        onChange={(batch) => onChange({ ...price, batch })}
      />
    </>
  );
}
