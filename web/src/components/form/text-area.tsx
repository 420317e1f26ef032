import { Field, type FieldProps } from "./field";

import { controlLook } from "@/components/ui/input";
import { cn } from "@/lib/cn";

interface Props extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  rows?: number;
  maxLength?: number;
}

/** Text of more than a line; it grows with what is typed. */
export function TextArea({ value, onChange, rows = 3, maxLength, ...field }: Props) {
  return (
    <Field {...field}>
      {(control) => (
        <textarea
          {...control}
          rows={rows}
          value={value}
          maxLength={maxLength}
          onChange={(event) => onChange(event.target.value)}
          className={cn(controlLook, "block field-sizing-content max-h-80 resize-none py-2 leading-5")}
        />
      )}
    </Field>
  );
}
