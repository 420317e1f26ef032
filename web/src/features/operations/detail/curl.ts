import type { OperationRead } from "@/api/schema.gen";

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** The call again, from a terminal: what was asked, without the answer. */
export function curl({ route, modelName, messages }: OperationRead, origin: string): string {
  const asked = [...(messages ?? [])];
  if (asked.at(-1)?.["role"] === "assistant") asked.pop();
  const body = JSON.stringify({ model: route ?? modelName, messages: asked });
  return [
    `curl ${origin}/v1/chat/completions \\`,
    `  -H "authorization: Bearer $HONE_KEY" \\`,
    `  -H "content-type: application/json" \\`,
    `  -d ${quoted(body)}`,
  ].join("\n");
}
