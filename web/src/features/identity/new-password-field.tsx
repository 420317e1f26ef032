import { Check, Circle } from "lucide-react";

import { PasswordField } from "./entrance-field";
import { rules } from "./strength";

import { cn } from "@/lib/cn";

interface Props {
  value: string;
  onChange: (value: string) => void;
  email: string;
  error?: string | undefined;
  autoFocus?: boolean;
}

/** A password to be, with the rules told as one types. */
export function NewPasswordField({ email, ...field }: Props) {
  return (
    <PasswordField
      {...field}
      label="New password"
      name="new-password"
      autoComplete="new-password"
      required
      maxLength={1024}
      help={
        <ul className="space-y-0.5">
          {rules(field.value, email).map(({ words, kept }) => {
            const Icon = kept ? Check : Circle;
            return (
              <li key={words} className={cn("flex items-center gap-1.5", kept && "text-good")}>
                <Icon aria-hidden="true" className="size-3.5" />
                {words}
                <span className="sr-only">{kept ? "(kept)" : "(not yet)"}</span>
              </li>
            );
          })}
        </ul>
      }
    />
  );
}
