import type { Request } from "./ask";

/** The same call from an application: ready to run, with the caller's own key. */
export const languages = ["curl", "Python", "Node"] as const;
export type Language = (typeof languages)[number];

const DELTA = { python: "chunk.choices[0].delta.content", node: "chunk.choices[0]?.delta?.content" };

export function snippet(language: Language, origin: string, body: Request): string {
  return { curl, Python: python, Node: node }[language](origin, body);
}

function curl(origin: string, body: Request): string {
  // Inside single quotes a shell changes nothing but the quote itself.
  const text = JSON.stringify(body, null, 2).replaceAll("'", `'\\''`);
  return `curl ${origin}/v1/chat/completions \\
  -H "Authorization: Bearer $HONE_KEY" \\
  -H "Content-Type: application/json" \\
  -d '${text}'`;
}

function python(origin: string, body: Request): string {
  const given = Object.entries(body).map(([name, value]) => `    ${name}=${literal(value)},\n`);
  const read = body.stream
    ? `for chunk in answer:\n    if chunk.choices and ${DELTA.python}:\n        print(${DELTA.python}, end="", flush=True)`
    : "print(answer.choices[0].message.content)";
  return `import os

from openai import OpenAI

client = OpenAI(base_url="${origin}/v1", api_key=os.environ["HONE_KEY"])
answer = client.chat.completions.create(
${given.join("")})
${read}`;
}

function node(origin: string, body: Request): string {
  const read = body.stream
    ? `for await (const chunk of answer) process.stdout.write(${DELTA.node} ?? "");`
    : "console.log(answer.choices[0].message.content);";
  return `import OpenAI from "openai";

const client = new OpenAI({ baseURL: "${origin}/v1", apiKey: process.env.HONE_KEY });
const answer = await client.chat.completions.create(${JSON.stringify(body, null, 2)});
${read}`;
}

/** A value as Python writes it; JSON's strings, numbers and lists are Python's too. */
function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    return `{${Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}: ${literal(each)}`).join(", ")}}`;
  }
  if (value === true) return "True";
  if (value === false) return "False";
  return JSON.stringify(value);
}
