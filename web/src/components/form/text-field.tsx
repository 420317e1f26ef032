import { useState, type ComponentProps } from "react";

import { Field, type FieldProps } from "./field";

import { Input } from "@/components/ui/input";
import { cn } from "@/lib/cn";

interface Props extends FieldProps, Omit<ComponentProps<"input">, "onChange" | "value" | "className"> {
  value: string;
  onChange: (value: string) => void;
  /** What is wrong with a value, in words, or null; told as one types, but not before one has. */
  check?: (value: string) => string | null;
  /** The unit behind the value: "s", "USD per million tokens". */
  unit?: string;
  /** Ids, addresses, code. */
  mono?: boolean;
}

export function TextField({ label, help, error, optional, className, value, onChange, check, unit, mono = false, ...input }: Props) {
  const [touched, setTouched] = useState(false);
  const wrong = error ?? (touched && check ? check(value) : null);
  return (
    <Field label={label} help={help} error={wrong} {...(optional && { optional })} className={className}>
      {(control) => (
        <span className="flex items-center gap-2">
          <Input
            {...input}
            {...control}
            value={value}
            className={cn(mono && "font-mono", unit && "text-right")}
            onBlur={() => setTouched(true)}
            onChange={(event) => {
              setTouched(true);
              onChange(event.target.value);
            }}
          />
          {unit && <span className="shrink-0 text-sm text-quiet">{unit}</span>}
        </span>
      )}
    </Field>
  );
}
