import { useId } from "react";

import { cn } from "@/lib/cn";

interface Props<Value extends string> {
  label: string;
  value: Value;
  options: readonly { value: Value; label: string; name?: string }[];
  onChange: (value: Value) => void;
  className?: string;
}

/** One choice out of a few, all of them visible: radio buttons that look like one control. */
export function Segmented<Value extends string>({ label, value, options, onChange, className }: Props<Value>) {
  const group = useId();
  return (
    <fieldset className={cn("inline-flex h-8 rounded-md border border-edge bg-surface p-0.5", className)}>
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <label
          key={option.value}
          className={cn(
            "relative flex min-w-11 flex-1 items-center justify-center rounded-sm px-2 text-sm text-quiet transition-colors",
            "hover:text-ink has-checked:bg-accent-soft has-checked:font-medium has-checked:text-accent-ink",
            "has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-accent",
          )}
        >
          <input
            type="radio"
            // Lies over its label, as high as a finger needs.
            className="absolute top-1/2 left-0 h-11 w-full -translate-y-1/2 cursor-pointer appearance-none opacity-0"
            name={group}
            aria-label={option.name}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}
