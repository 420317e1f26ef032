import { CircleCheck, CircleX, Minus } from "lucide-react";

import type { ProviderTest } from "@/api/schema.gen";
import { Notice } from "@/components/notice";
import { Skeleton } from "@/components/ui/skeleton";
import { duration, plural } from "@/lib/format";

type Step = ProviderTest["steps"][number];

const words: Record<Step["name"], string> = {
  name: "Find the host",
  connection: "Connect",
  encryption: "Encrypt (TLS)",
  answer: "Get an answer",
  credential: "Accept the credential",
  models: "List the models",
};

const states = {
  passed: { Icon: CircleCheck, look: "text-good", word: "worked" },
  failed: { Icon: CircleX, look: "text-bad", word: "failed" },
  skipped: { Icon: Minus, look: "text-quiet", word: "not reached" },
};

interface Props {
  test: ProviderTest | undefined;
  running: boolean;
}

/** Step by step, whether a provider answers; if not, what is wrong and what to do. */
export function ProviderTestResult({ test, running }: Props) {
  return (
    <section aria-label="Connection test" aria-live="polite" className="space-y-3 rounded-md border border-line bg-surface p-4">
      <h2 className="font-semibold">Connection test</h2>
      {running ? (
        <div role="status" aria-label="Testing: it takes at most 20 s">
          <p className="mb-2 text-sm text-quiet">Asking for its models; this takes at most 20 s.</p>
          <Skeleton className="h-36" />
        </div>
      ) : test ? (
        <Result test={test} />
      ) : (
        <p className="text-sm text-quiet">Finds the host, connects, and asks for its models, before or after you save. Nothing is billed.</p>
      )}
    </section>
  );
}

function Result({ test }: { test: ProviderTest }) {
  return (
    <>
      <ol className="text-sm">
        {test.steps.map((step) => (
          <Line key={step.name} step={step} />
        ))}
      </ol>
      {test.problem !== null && (
        <Notice tone="bad" title={test.problem}>
          {test.advice}
        </Notice>
      )}
      {test.ok && (
        <div className="text-sm">
          <p className="font-medium text-good">It answers, and lists {plural(test.models.length, "model")}.</p>
          {test.models.length > 0 && (
            <ul tabIndex={0} aria-label="Its models" className="mt-2 max-h-48 space-y-0.5 overflow-y-auto font-mono text-xs">
              {test.models.map((model) => (
                <li key={model} className="break-words">
                  {model}
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
    </>
  );
}

function Line({ step }: { step: Step }) {
  const { Icon, look, word } = states[step.state];
  return (
    <li className="flex h-7 items-center gap-2">
      <Icon aria-hidden="true" className={`size-4 ${look}`} />
      <span className="flex-1">{words[step.name]}</span>
      <span className="text-quiet">{step.ms === null ? word : duration(step.ms)}</span>
      {step.ms !== null && <span className="sr-only">{word}</span>}
    </li>
  );
}
