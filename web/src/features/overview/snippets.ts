/** A first call, ready to run against the address that the dashboard was opened at. */

const ROUTE = "assistant";

export function curlSnippet(origin: string): string {
  return `curl ${origin}/v1/chat/completions \\
  -H "Authorization: Bearer YOUR_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"model": "${ROUTE}",
       "messages": [{"role": "user", "content": "Hello"}]}'`;
}

export function pythonSnippet(origin: string): string {
  return `from openai import OpenAI

client = OpenAI(base_url="${origin}/v1", api_key="YOUR_KEY")
answer = client.chat.completions.create(
    model="${ROUTE}",
    messages=[{"role": "user", "content": "Hello"}],
)
print(answer.choices[0].message.content)`;
}
