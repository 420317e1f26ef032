import { EmptyState } from "@/components/empty-state";
import { Button } from "@/components/ui/button";

const SNIPPET = (origin: string) => `curl ${origin}/v1/feedback \\
  -H "Authorization: Bearer $HONE_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"operation_id": "op_…",
       "value": false,
       "correction": "The right answer.",
       "comment": "It named the wrong plan.",
       "user": "user-42"}'`;

/** Nobody said anything yet: what feedback is for, and how one gives it. */
export function NoFeedback() {
  return (
    <EmptyState title="Say of one answer whether it was right" snippet={{ title: "Terminal", code: SNIPPET(window.location.origin) }}>
      <p>
        Every answer carries its id in the header <code className="font-mono text-xs">x-request-id</code>. Send it back with a verdict, a score, a comment or
        the answer that would have been right; or press a thumb on any operation here, or in the playground.
      </p>
      <p>
        What people say counts within a second: it puts a share with its interval on each model, and each correction becomes an example to train on. What one
        person says out of line with everybody else is held until somebody looks at it.
      </p>
    </EmptyState>
  );
}

export function NothingFound({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState title="Nobody said anything like that" action={<Button onClick={onClear}>Clear the filters</Button>}>
      <p>Other feedback of this time is listed without them; a longer time may have more.</p>
    </EmptyState>
  );
}
