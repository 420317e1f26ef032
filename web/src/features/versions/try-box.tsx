import { useState, type SubmitEvent } from "react";

import { Entities, Labels } from "./answers";
import { useTry } from "./queries";

import { useMay } from "@/api/me";
import { CodeBlock } from "@/components/code-block";
import { Failure } from "@/components/failure";
import { Judgement } from "@/components/judgement/judgement";
import { Button } from "@/components/ui/button";
import { controlLook } from "@/components/ui/input";
import { cn } from "@/lib/cn";

interface Props {
  /** What a client sends as `model`. */
  model: string;
  task: string;
}

const SENTENCES: Record<string, string> = { intent: "Where is my refund?", entity: "Book a table for Ada on Friday at 7", response: "When do you open on Sundays?" };

const VERBS: Record<string, string> = { intent: "Classify", entity: "Find entities" };

const sentenceFor = (task: string): string => SENTENCES[task] ?? "";

/** Asks the version that is live, as an application does; and how an application does it. */
export function TryBox({ model, task }: Props) {
  const may = useMay("ai:query");
  const [text, setText] = useState("");
  const sentence = sentenceFor(task);
  const said = text.trim() || sentence;
  const asking = useTry(model, task);

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (said !== "") asking.mutate(said);
  }

  const tries = may && task in VERBS;
  return (
    <>
      <h2 id="try" className="text-lg font-semibold">
        {tries ? "Try it" : "Call it"}
      </h2>
      <div className={cn("mt-3 items-start gap-x-12 gap-y-6", tries && "grid lg:grid-cols-2")}>
        {tries && (
          <div className="min-w-0">
            <form onSubmit={submit} className="space-y-2">
              <textarea
                aria-label="A text to try"
                rows={3}
                className={cn(controlLook, "block resize-y py-2")}
                value={text}
                placeholder={sentence}
                onChange={(event) => setText(event.target.value)}
                onKeyDown={(event) => {
                  if (event.key !== "Enter" || event.shiftKey) return;
                  event.preventDefault();
                  event.currentTarget.form?.requestSubmit();
                }}
              />
              <Button type="submit" disabled={asking.isPending}>
                {asking.isPending ? "Asking…" : VERBS[task]}
              </Button>
            </form>
            <div role="status" className="mt-4">
              {asking.error && <Failure title="It did not answer" error={asking.error} />}
              {asking.data && <Answer told={asking.data} />}
            </div>
            <Judged told={asking.data} />
          </div>
        )}
        <CodeBlock title="curl" code={snippet(model, task, said)} />
      </div>
    </>
  );
}

interface Told {
  told: NonNullable<ReturnType<typeof useTry>["data"]>;
}

function Answer({ told: { answer, input, tookMs } }: Told) {
  const [first] = answer.results;
  if (!first) return null;
  return (
    <>
      {"entities" in first ? <Entities text={input} found={first.entities} /> : <Labels of={first} />}
      <p className="mt-2 text-xs text-quiet">
        By version {answer.version}, {Math.round(tookMs)} ms there and back.
      </p>
    </>
  );
}

/** Whether it was right: what is corrected here can be learned from. */
function Judged({ told }: { told: Told["told"] | undefined }) {
  const answer = told?.answer;
  if (answer === undefined || !("id" in answer)) return null;
  const [first] = answer.results;
  if (!first) return null;
  return (
    <div className="mt-2">
      <Judgement key={answer.id} operationId={answer.id} kind="classification" answer={first.inScope ? (first.label ?? "") : "none of its labels"} labels={first.labels.map(({ label }) => label)} small />
    </div>
  );
}

function snippet(model: string, task: string, input: string): string {
  const [path, body] =
    task === "intent"
      ? ["/v1/classify", { model, input, top: 3 }]
      : task === "entity"
        ? ["/v1/entities", { model, input }]
        : ["/v1/chat/completions", { model, messages: [{ role: "user", content: input }] }];
  return `curl ${window.location.origin}${path} \\
  -H "Authorization: Bearer $HONE_KEY" \\
  -H "Content-Type: application/json" \\
  -d '${JSON.stringify(body).replaceAll("'", "'\\''")}'`;
}
