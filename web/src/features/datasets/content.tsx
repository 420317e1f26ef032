import { ThumbsDown, ThumbsUp } from "lucide-react";

import { segments } from "./segments";
import type { Input, Output, Span } from "./shapes";
import { contentText, inputText } from "./words";

import { category } from "@/lib/category";

/** A text whose spans are marked, each with its name behind it. */
export function Marked({ text, spans }: { text: string; spans: readonly Span[] }) {
  return (
    <p className="wrap-anywhere whitespace-pre-wrap">
      {segments(text, spans).map(({ text: part, label }, index) =>
        label === null ? (
          <span key={index}>{part}</span>
        ) : (
          <mark key={index} className="rounded-sm bg-warn-soft px-1 py-0.5 text-ink" style={{ boxShadow: `inset 0 -2px ${category(label)}` }}>
            {part} <span className="text-xs font-medium text-quiet">{label}</span>
          </mark>
        ),
      )}
    </p>
  );
}

/** What was said; messages one below the other. */
export function InputView({ input, spans = [] }: { input: Input; spans?: readonly Span[] }) {
  if (input === null) return <Withheld />;
  if (typeof input === "string") return <Marked text={input} spans={spans} />;
  return (
    <ol className="space-y-2">
      {input.map(({ role, content }, index) => (
        <li key={index} className="grid grid-cols-[5rem_minmax(0,1fr)] gap-2">
          <span className="text-sm text-quiet">{role}</span>
          <span className="wrap-anywhere whitespace-pre-wrap">{contentText(content)}</span>
        </li>
      ))}
    </ol>
  );
}

export function Withheld() {
  return <p className="text-base text-quiet">Your role does not let you read what was asked and answered.</p>;
}

/** A label with the colour that it has wherever it is shown. */
export function Label({ name }: { name: string }) {
  return (
    <span className="inline-flex max-w-full items-center gap-1.5">
      <span aria-hidden="true" className="size-2 shrink-0 rounded-full" style={{ backgroundColor: category(name) }} />
      <span className="truncate" title={name}>
        {name}
      </span>
    </span>
  );
}

/** What should come out. */
export function OutputView({ input, output, label }: { input: Input; output: Output; label: string | null }) {
  if (label !== null) return <Label name={label} />;
  if (output === null) return input === null ? <Withheld /> : <p className="text-quiet">None is given.</p>;
  if (typeof output === "string") return <p className="wrap-anywhere whitespace-pre-wrap">{output}</p>;
  if (Array.isArray(output)) return <Marked text={inputText(input)} spans={output} />;
  const sides = [
    { Icon: ThumbsUp, name: "Better", text: output.chosen },
    { Icon: ThumbsDown, name: "Worse", text: output.rejected },
  ];
  return (
    <dl className="space-y-3">
      {sides.map(({ Icon, name, text }) => (
        <div key={name}>
          <dt className="flex items-center gap-1.5 text-sm text-quiet">
            <Icon aria-hidden="true" className="size-4" /> {name}
          </dt>
          <dd className="wrap-anywhere whitespace-pre-wrap">{text}</dd>
        </div>
      ))}
    </dl>
  );
}
