import { Eye, EyeOff } from "lucide-react";
import { useId, useState, type ComponentProps, type ReactNode } from "react";

import { Button } from "@/components/ui/button";
import { cn } from "@/lib/cn";

interface Props extends Omit<ComponentProps<"input">, "id" | "value" | "onChange"> {
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** What is wrong with it, in the server's words. */
  error?: string | undefined;
  help?: ReactNode;
}

const look = "h-10 w-full min-w-0 rounded-md border bg-surface px-3 pointer-coarse:h-11";

/** A tall field of the pages before the dashboard. */
export function EntranceField({ label, value, onChange, error, help, className, ...input }: Props) {
  const id = useId();
  const described = [error && `${id}-error`, help && `${id}-help`].filter(Boolean).join(" ");
  return (
    <div>
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <input
        {...input}
        id={id}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        aria-invalid={error !== undefined}
        aria-describedby={described || undefined}
        className={cn(look, "mt-1.5", error ? "border-mark-bad" : "border-edge", className)}
      />
      {error && (
        <p id={`${id}-error`} role="alert" className="mt-1.5 text-sm text-bad">
          {error}
        </p>
      )}
      {help && (
        <div id={`${id}-help`} className="mt-1.5 text-sm text-quiet">
          {help}
        </div>
      )}
    </div>
  );
}

/** A password, hidden until asked for. */
export function PasswordField(props: Omit<Props, "type" | "className">) {
  const [shown, setShown] = useState(false);
  const Icon = shown ? EyeOff : Eye;
  return (
    <div className="relative">
      <EntranceField {...props} type={shown ? "text" : "password"} autoCapitalize="off" spellCheck={false} className="pr-20" />
      <Button
        look="quiet"
        className="absolute top-7.5 right-1 h-8 px-2 pointer-coarse:top-8"
        aria-pressed={shown}
        aria-label={shown ? "Hide the password" : "Show the password"}
        onClick={() => setShown(!shown)}
      >
        <Icon aria-hidden="true" /> {shown ? "Hide" : "Show"}
      </Button>
    </div>
  );
}
