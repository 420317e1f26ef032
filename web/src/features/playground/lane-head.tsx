import { X } from "lucide-react";
import { useId } from "react";

import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/select";

interface Props {
  label: string;
  value: string;
  names: readonly string[];
  onChange: (name: string) => void;
  onRemove?: () => void;
}

/** Who answers in a column. */
export function LaneHead({ label, value, names, onChange, onRemove }: Props) {
  const id = useId();
  // A name in the address that is not callable stays visible, and the gateway says what is wrong with it.
  const options = [...new Set([value, ...names])].filter(Boolean).map((name) => ({ value: name, label: name }));
  return (
    <div className="flex min-w-0 items-end gap-2">
      <div className="min-w-0 flex-1">
        <label htmlFor={id} className="text-xs font-medium text-quiet">
          {label}
        </label>
        <Select id={id} value={value} options={options} onChange={onChange} className="mt-1" />
      </div>
      {onRemove && (
        <Button look="quiet" className="px-2" onClick={onRemove}>
          <X aria-hidden="true" /> Remove
        </Button>
      )}
    </div>
  );
}
