import { EmptyState } from "@/components/empty-state";
import { Button } from "@/components/ui/button";

interface Props {
  filtered: boolean;
  /** Only a part of all time is looked at. */
  timed: boolean;
  onClear: () => void;
}

/** No row: because the filters say so, or because nobody has called yet. */
export function NothingFound({ filtered, timed, onClear }: Props) {
  if (filtered) {
    return (
      <EmptyState title="No operation matches" action={<Button onClick={onClear}>Show all operations</Button>}>
        <p>Nothing that was recorded has all of these filters. {timed ? "Take one away, or choose a longer time." : "Take one away."}</p>
      </EmptyState>
    );
  }
  return (
    <EmptyState title="No operations yet" snippet={{ title: "curl", code: snippet() }}>
      <p>
        Every call through the gateway is recorded here: what was asked and answered, which model answered, how long it took and what it cost. Send the
        first one and it appears within a second.
      </p>
    </EmptyState>
  );
}

const snippet = () => `curl ${location.origin}/v1/chat/completions \\
  -H "authorization: Bearer $HONE_KEY" \\
  -H "content-type: application/json" \\
  -d '{"model": "assistant", "messages": [{"role": "user", "content": "Hello"}]}'`;
