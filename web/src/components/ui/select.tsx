import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";

import { controlLook } from "./input";

import { cn } from "@/lib/cn";

export interface Option {
  value: string;
  label: string;
  disabled?: boolean;
}

interface Props extends Omit<ComponentProps<"select">, "onChange" | "children"> {
  options: readonly Option[];
  onChange: (value: string) => void;
  /** Shown while nothing is chosen. */
  placeholder?: string | undefined;
}

/** The browser's own select: known to every keyboard, phone and screen reader. */
export function Select({ options, onChange, placeholder, className, ...props }: Props) {
  return (
    <span className={cn("relative block", className)}>
      <select
        className={cn(controlLook, "h-9 appearance-none pr-8 pointer-coarse:h-11")}
        onChange={(event) => onChange(event.target.value)}
        {...props}
      >
        {placeholder !== undefined && (
          <option value="" disabled>
            {placeholder}
          </option>
        )}
        {options.map(({ value, label, disabled }) => (
          <option key={value} value={value} disabled={disabled}>
            {label}
          </option>
        ))}
      </select>
      <ChevronDown aria-hidden="true" className="pointer-events-none absolute top-1/2 right-2.5 size-4 -translate-y-1/2 text-quiet" />
    </span>
  );
}
