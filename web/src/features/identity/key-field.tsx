import { Eye, EyeOff } from "lucide-react";
import { useId, useState } from "react";

import { ApiError } from "@/api/client";
import { Button } from "@/components/ui/button";
import { cn } from "@/lib/cn";

interface Props {
  value: string;
  onChange: (value: string) => void;
  error: Error | null;
}

/** The API key, hidden until asked for, with the server's answer beneath it. */
export function KeyField({ value, onChange, error }: Props) {
  const id = useId();
  const [shown, setShown] = useState(false);
  const requestId = error instanceof ApiError ? error.requestId : null;
  const Icon = shown ? EyeOff : Eye;
  return (
    <>
      <label htmlFor={id} className="font-medium">
        API key
      </label>
      <div className="mt-1.5 flex gap-2">
        <input
          id={id}
          type={shown ? "text" : "password"}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          autoFocus
          required
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          aria-invalid={error !== null}
          aria-describedby={error ? `${id}-error` : undefined}
          className={cn(
            "h-10 min-w-0 flex-1 rounded-md border bg-surface px-3 font-mono text-sm",
            error ? "border-mark-bad" : "border-edge",
          )}
        />
        <Button className="h-10 w-20" aria-pressed={shown} onClick={() => setShown(!shown)}>
          <Icon aria-hidden="true" /> {shown ? "Hide" : "Show"}
        </Button>
      </div>
      {error && (
        <p id={`${id}-error`} role="alert" className="mt-2 text-sm text-bad">
          {error.message}
          {requestId && <span className="mt-0.5 block text-xs text-quiet">Request id {requestId}</span>}
        </p>
      )}
    </>
  );
}
