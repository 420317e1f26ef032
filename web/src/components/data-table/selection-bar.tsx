import { X } from "lucide-react";
import type { ReactNode } from "react";

import { Button } from "@/components/ui/button";
import { count } from "@/lib/format";

interface Props {
  selected: number;
  what: string;
  onClear: () => void;
  /** What can be done with the selected rows: buttons. */
  children: ReactNode;
}

/** Lies over the end of the page while rows are selected, so that nothing moves when it comes. */
export function SelectionBar({ selected, what, onClear, children }: Props) {
  return (
    <div className="pointer-events-none fixed inset-x-0 bottom-4 z-10 flex justify-center px-4">
      <div
        role="toolbar"
        aria-label={`Selected ${what}`}
        className="pointer-events-auto flex flex-wrap items-center gap-2 rounded-md border border-line bg-surface py-1.5 pr-1.5 pl-3 shadow-md"
      >
        <p role="status" className="text-sm">
          {count(selected)} selected
        </p>
        {children}
        <Button look="quiet" onClick={onClear}>
          <X aria-hidden="true" /> Clear
        </Button>
      </div>
    </div>
  );
}
