import { Check, Pencil, Undo2, X } from "lucide-react";
import type { ReactNode } from "react";

import { Button } from "@/components/ui/button";

interface Props {
  /** There is an example to decide about. */
  ready: boolean;
  undoable: boolean;
  onApprove: () => void;
  onCorrect: () => void;
  onReject: () => void;
  onUndo: () => void;
}

/** What can be decided, with the key of each; on a phone under the thumb. */
export function Controls({ ready, undoable, onApprove, onCorrect, onReject, onUndo }: Props) {
  return (
    <div role="toolbar" aria-label="Decide" className="sticky bottom-0 -mx-1 grid grid-cols-2 gap-2 bg-canvas px-1 py-3 sm:flex">
      <Button look="primary" className="h-10 pointer-coarse:h-11" disabled={!ready} onClick={onApprove}>
        <Check aria-hidden="true" /> Approve <Key>a</Key>
      </Button>
      <Button className="h-10 pointer-coarse:h-11" disabled={!ready} onClick={onCorrect}>
        <Pencil aria-hidden="true" /> Correct <Key>e</Key>
      </Button>
      <Button className="h-10 pointer-coarse:h-11" disabled={!ready} onClick={onReject}>
        <X aria-hidden="true" /> Reject <Key>r</Key>
      </Button>
      <Button look="quiet" className="h-10 sm:ml-auto pointer-coarse:h-11" disabled={!undoable} onClick={onUndo}>
        <Undo2 aria-hidden="true" /> Undo <Key>u</Key>
      </Button>
    </div>
  );
}

function Key({ children }: { children: ReactNode }) {
  return (
    <kbd aria-hidden="true" className="ml-1 rounded-sm border border-current px-1.5 font-mono text-xs pointer-coarse:hidden">
      {children}
    </kbd>
  );
}
