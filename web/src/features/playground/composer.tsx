import { ArrowUp, Square } from "lucide-react";
import { useId, type KeyboardEvent, type RefObject, type SubmitEvent } from "react";

import { Button } from "@/components/ui/button";
import { cn } from "@/lib/cn";

interface Props {
  draft: string;
  busy: boolean;
  /** A setting is wrong: one is led there instead of sending. */
  wrong: boolean;
  field: RefObject<HTMLTextAreaElement | null>;
  onDraft: (draft: string) => void;
  onSend: () => void;
  onStop: () => void;
}

/** Where a question is written. Enter sends; shift and Enter begin a new line. */
export function Composer({ draft, busy, wrong, field, onDraft, onSend, onStop }: Props) {
  const id = useId();
  const ready = !busy && draft.trim() !== "";

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (ready) onSend();
  }

  function press(event: KeyboardEvent) {
    if (event.key === "Escape" && busy) onStop();
    // While an input method composes, Enter takes its suggestion.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    if (ready) onSend();
  }

  return (
    <form onSubmit={submit} className="rounded-md border border-edge bg-surface focus-within:outline-2 focus-within:outline-offset-1 focus-within:outline-accent">
      <label htmlFor={id} className="sr-only">
        Your message
      </label>
      <textarea
        id={id}
        ref={field}
        rows={3}
        value={draft}
        maxLength={200_000}
        placeholder="Ask something"
        aria-describedby={`${id}-keys`}
        onChange={(event) => onDraft(event.target.value)}
        onKeyDown={press}
        className={cn(
          "block field-sizing-content max-h-60 min-h-16 w-full resize-none bg-transparent px-3 pt-2.5 leading-6 outline-none",
          "placeholder:text-quiet",
        )}
      />
      <div className="flex items-center justify-between gap-3 p-2 pl-3">
        <p id={`${id}-keys`} className="text-xs text-quiet">
          {wrong && !busy ? "A setting is wrong; sending leads there" : <span className="pointer-coarse:hidden">{keys(busy)}</span>}
        </p>
        {busy ? (
          <Button onClick={onStop}>
            <Square aria-hidden="true" /> Stop
          </Button>
        ) : (
          <Button look="primary" type="submit" disabled={!ready}>
            <ArrowUp aria-hidden="true" /> Send
          </Button>
        )}
      </div>
    </form>
  );
}

const keys = (busy: boolean) => (busy ? "Esc stops the answer" : "Enter sends, Shift Enter begins a new line");
