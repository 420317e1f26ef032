import { Field, type FieldProps } from "./field";

import { Select, type Option } from "@/components/ui/select";

interface Props extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  options: readonly Option[];
  placeholder?: string;
  disabled?: boolean;
}

export function SelectField({ value, onChange, options, placeholder, disabled = false, ...field }: Props) {
  return (
    <Field {...field}>
      {(control) => (
        <Select {...control} value={value} onChange={onChange} options={options} placeholder={placeholder} disabled={disabled} />
      )}
    </Field>
  );
}
