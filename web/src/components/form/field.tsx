import { CircleAlert } from "lucide-react";
import { useId, type ReactNode } from "react";

import { cn } from "@/lib/cn";

/** What ties a control to its label, help and error; spread it on the control. */
export interface ControlProps {
  id: string;
  "aria-invalid": boolean;
  "aria-describedby": string | undefined;
}

export interface FieldProps {
  label: string;
  /** Why one fills it in, and with what; it stands beside the field, not in it. */
  help?: ReactNode;
  /** What is wrong, at once: the form's own check, or the server's words. */
  error?: string | null | undefined;
  optional?: boolean;
  className?: string | undefined;
}

interface Props extends FieldProps {
  children: (control: ControlProps) => ReactNode;
}

/** One line of a form: label above, help beside, error beneath. Any control can stand in it. */
export function Field({ label, help, error, optional = false, className, children }: Props) {
  const id = useId();
  const described = [help && `${id}-help`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div className={cn("grid gap-x-6 gap-y-1.5 md:grid-cols-[minmax(0,1fr)_15rem]", className)}>
      <label htmlFor={id} className="font-medium md:col-span-2">
        {label}
        {optional && <span className="font-normal text-quiet"> (optional)</span>}
      </label>
      <div className="min-w-0">
        {children({ id, "aria-invalid": Boolean(error), "aria-describedby": described || undefined })}
        {error && <FieldError id={`${id}-error`}>{error}</FieldError>}
      </div>
      {help && (
        <div id={`${id}-help`} className="text-xs text-pretty text-quiet md:pt-2">
          {help}
        </div>
      )}
    </div>
  );
}

/** What is wrong with a field, told as soon as it is known. */
export function FieldError({ id, children }: { id?: string; children: ReactNode }) {
  return (
    <p id={id} role="alert" className="mt-1.5 flex gap-1.5 text-sm text-bad">
      <CircleAlert aria-hidden="true" className="mt-0.5 size-3.5 shrink-0" />
      <span className="min-w-0 break-words">{children}</span>
    </p>
  );
}
