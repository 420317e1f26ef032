import { useId, type ReactNode } from "react";

interface Props {
  label: string;
  help?: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
}

/** A yes or no, with its consequence beneath it. */
export function CheckField({ label, help, checked, onChange, disabled = false }: Props) {
  const id = useId();
  return (
    <div className="flex gap-2.5">
      <span className="hit mt-0.5 inline-flex size-4 shrink-0">
        <input
          id={id}
          type="checkbox"
          className="relative z-1 size-4 accent-accent"
          checked={checked}
          disabled={disabled}
          aria-describedby={help ? `${id}-help` : undefined}
          onChange={(event) => onChange(event.target.checked)}
        />
      </span>
      <div className="min-w-0">
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        {help && (
          <div id={`${id}-help`} className="text-xs text-pretty text-quiet">
            {help}
          </div>
        )}
      </div>
    </div>
  );
}
