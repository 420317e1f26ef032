import { Eye, EyeOff } from "lucide-react";
import { useState } from "react";

import { Field, type FieldProps } from "./field";

import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";

interface Props extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  placeholder?: string;
  /** `new-password`, `current-password`; `off` for keys that no password manager should keep. */
  autoComplete?: string;
  autoFocus?: boolean;
  required?: boolean;
}

/** A password or a key: hidden until asked for. */
export function SecretField({ value, onChange, placeholder, autoComplete = "off", autoFocus, required, ...field }: Props) {
  const [shown, setShown] = useState(false);
  const Icon = shown ? EyeOff : Eye;
  return (
    <Field {...field}>
      {(control) => (
        <span className="flex gap-2">
          <Input
            {...control}
            type={shown ? "text" : "password"}
            className="font-mono"
            value={value}
            placeholder={placeholder}
            autoComplete={autoComplete}
            autoFocus={autoFocus}
            required={required}
            autoCapitalize="off"
            spellCheck={false}
            onChange={(event) => onChange(event.target.value)}
          />
          <Button className="h-9 w-20 pointer-coarse:h-11" aria-pressed={shown} onClick={() => setShown(!shown)}>
            <Icon aria-hidden="true" /> {shown ? "Hide" : "Show"}
          </Button>
        </span>
      )}
    </Field>
  );
}
