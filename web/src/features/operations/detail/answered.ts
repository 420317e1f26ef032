type Message = Readonly<Record<string, unknown>>;

/** The text that was answered last; empty where there is none. */
export function answered(messages: readonly Message[] | null): string {
  const last = messages?.findLast(({ role }) => role === "assistant")?.["content"];
  if (typeof last === "string") return last;
  if (!Array.isArray(last)) return "";
  const parts = last.map((part: unknown) => (typeof part === "object" && part !== null && "text" in part && typeof part.text === "string" ? part.text : ""));
  return parts.filter(Boolean).join("\n\n");
}
