import { EmptyState } from "@/components/empty-state";
import { Button } from "@/components/ui/button";

const SNIPPET = (origin: string) => `curl ${origin}/v1/chat/completions \\
  -H "Authorization: Bearer $HONE_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"model": "assistant",
       "messages": [{"role": "user", "content": "Hello"}],
       "metadata": {"feature": "greeting",
                    "revenue_usd": "0.02"}}'`;

/** Nothing was called: what this page will tell, and what it takes. */
export function NothingSpent({ narrowed, onClear }: { narrowed: boolean; onClear: () => void }) {
  return (
    <div className="mt-6">
      <EmptyState
        title={narrowed ? "Nothing was called that matches" : "Costs begin with the first call"}
        action={narrowed && <Button onClick={onClear}>Show the last 30 days</Button>}
        snippet={{ title: "A call that says what it is for, and what it earned", code: SNIPPET(window.location.origin) }}
      >
        <p>Every attempt is charged at the price that held when it was made. This page adds that up by model, key, team, or any key of the metadata that your calls carry.</p>
        <p>
          A call may also say what it earned, at once or later; then revenue and margin stand beside the cost. Calls are added up as they land: what was called a second ago counts.
        </p>
      </EmptyState>
    </div>
  );
}
