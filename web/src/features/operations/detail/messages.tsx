import { CopyButton } from "@/components/copy-button";
import { Notice } from "@/components/notice";

type Message = Readonly<Record<string, unknown>>;

const names: Record<string, string> = { system: "System", developer: "Developer", user: "User", assistant: "Assistant", tool: "Tool" };

/** What was asked and answered, as a chat; or why it is not shown. */
export function Messages({ messages, withheld }: { messages: readonly Message[] | null; withheld: string | null }) {
  return (
    <section aria-labelledby="messages" className="space-y-2">
      <h2 id="messages" className="text-base font-semibold">
        Messages
      </h2>
      {withheld !== null && <Notice tone="info" title={withheld} />}
      {messages?.length === 0 && <p className="text-quiet">Nothing in this call reads as a message.</p>}
      <ol className="space-y-2">
        {messages?.map((message, index) => (
          <li key={index}>
            <One message={message} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function One({ message }: { message: Message }) {
  const { role, content, ...rest } = message;
  const name = typeof role === "string" ? (names[role] ?? role) : "Message";
  const said = textOf(content);
  const more = Object.values(rest).some((value) => value !== null) ? rest : null;
  return (
    <article className="rounded-md border border-line bg-surface">
      <header className="flex items-center justify-between py-1 pr-1 pl-3 text-xs font-medium text-quiet">
        {name}
        <CopyButton text={said ?? JSON.stringify(content ?? rest, null, 2)} what={`the message of ${name.toLowerCase()}`} />
      </header>
      <div className="space-y-2 px-3 pb-2">
        {said !== null ? <Text text={said} /> : content != null && <Json value={content} label="Content" />}
        {more && <Json value={more} label={"tool_calls" in more ? "Tool calls" : "More of this message"} />}
      </div>
    </article>
  );
}

/** Text, and JSON where the text is JSON: folded when it is long. */
function Text({ text }: { text: string }) {
  const parsed = jsonOf(text);
  return parsed === undefined ? <p className="max-w-[72ch] break-words whitespace-pre-wrap">{text}</p> : <Json value={parsed} label="JSON" />;
}

export function Json({ value, label }: { value: unknown; label: string }) {
  const text = JSON.stringify(value, null, 2);
  const lines = text.split("\n").length;
  return (
    <details open={lines <= 12}>
      <summary className="text-xs text-quiet">
        {label}, {lines === 1 ? "1 line" : `${lines} lines`}
      </summary>
      <pre tabIndex={0} role="region" aria-label={label} className="mt-1 overflow-x-auto rounded-sm bg-sunken p-2 font-mono text-xs">
        {text}
      </pre>
    </details>
  );
}

/** The text of a message's content: a text, or parts that are all text. */
function textOf(content: unknown): string | null {
  if (typeof content === "string") return content;
  if (!Array.isArray(content) || content.length === 0) return null;
  const parts = content.map((part: unknown) => (typeof part === "object" && part !== null && "text" in part && typeof part.text === "string" ? part.text : null));
  return parts.every((part) => part !== null) ? parts.join("\n\n") : null;
}

function jsonOf(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
