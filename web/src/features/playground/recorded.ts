import { kept } from "./answer";
import type { Round } from "./conversation";

/** What of a recorded operation can be asked again. */
export interface Recorded {
  system: string;
  rounds: Round[];
  /** The last question, to be sent again, changed or not. */
  draft: string;
  /** Messages that the playground cannot send: tools, images, audio. */
  leftOut: number;
}

interface Part {
  type?: unknown;
  text?: unknown;
}

/** Reads an operation's messages: the last question becomes the draft, what was said before stays before it. */
export function recorded(messages: readonly Record<string, unknown>[]): Recorded {
  const system: string[] = [];
  const asked: Asked[] = [];
  let leftOut = 0;
  for (const { role, content } of messages) {
    const text = textOf(content);
    if (text === null || !place(String(role), text, system, asked)) leftOut += 1;
  }
  const draft = asked.pop()?.prompt ?? "";
  const rounds = asked.map(({ prompt, answer }, id) => {
    return { id, prompt, answers: answer === null ? {} : { left: kept(answer), right: kept(answer) } };
  });
  return { system: system.join("\n\n"), rounds, draft, leftOut };
}

interface Asked {
  prompt: string;
  answer: string | null;
}

/** Puts one message where it belongs; tells whether there was such a place. */
function place(role: string, text: string, system: string[], asked: Asked[]): boolean {
  const last = asked.at(-1);
  if (role === "system" || role === "developer") system.push(text);
  else if (role === "user") asked.push({ prompt: text, answer: null });
  else if (role === "assistant" && last?.answer === null) last.answer = text;
  else return false;
  return true;
}

/** The text of a message, if all of it is text. */
function textOf(content: unknown): string | null {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return null;
  const parts = content as Part[];
  const texts = parts.flatMap(({ type, text }) => (type === "text" && typeof text === "string" ? [text] : []));
  return texts.length === parts.length ? texts.join("\n") : null;
}
