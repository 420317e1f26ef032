import type { Answer, Message, Tokens } from "./answer";
import { dataOf } from "./events";

import { signed } from "@/api/client";
import { ApiError, refusal } from "@/api/errors";

export interface Settings {
  system: string;
  /** Empty: the model's own default. */
  temperature: number | null;
  maxTokens: number | null;
  stream: boolean;
}

export interface Request {
  model: string;
  messages: Message[];
  temperature?: number;
  max_tokens?: number;
  stream?: true;
  stream_options?: { include_usage: true };
}

interface Usage {
  prompt_tokens?: number;
  completion_tokens?: number;
  cost_usd?: number;
}

interface Completion {
  choices?: { message?: { content?: string | null }; delta?: { content?: string | null }; finish_reason?: string | null }[];
  usage?: Usage | null;
  error?: Told;
}

interface Told {
  message?: string;
  code?: string;
}

/** The body that is sent, and that the snippets show. */
export function request(model: string, messages: Message[], settings: Settings): Request {
  const system: Message[] = settings.system.trim() === "" ? [] : [{ role: "system", content: settings.system }];
  return {
    model,
    messages: [...system, ...messages],
    ...(settings.temperature !== null && { temperature: settings.temperature }),
    ...(settings.maxTokens !== null && { max_tokens: settings.maxTokens }),
    ...(settings.stream && { stream: true, stream_options: { include_usage: true } }),
  };
}

/** Asks the gateway as any application does, and tells `onChange` what is new of the answer as it comes. */
export async function ask(body: Request, signal: AbortSignal, onChange: (part: Partial<Answer>) => void): Promise<void> {
  const began = performance.now();
  const since = () => performance.now() - began;
  const response = await signed({ method: "POST", path: "/v1/chat/completions", body, signal });
  onChange({ operationId: response.headers.get("x-request-id"), model: known(response.headers.get("x-hone-model")) });
  if (!response.ok) throw await refusal(response);
  if (body.stream && response.body) await follow(response, dataOf(response.body), since, onChange);
  else await take(response, since, onChange);
  onChange({ state: "done", totalMs: since() });
}

async function take(response: Response, since: () => number, onChange: (part: Partial<Answer>) => void): Promise<void> {
  const completion = (await response.json()) as Completion;
  const [choice] = completion.choices ?? [];
  const cost = Number(response.headers.get("x-hone-cost-usd"));
  onChange({
    text: choice?.message?.content ?? "",
    firstTokenMs: since(),
    finishReason: choice?.finish_reason ?? null,
    tokens: tokens(completion.usage),
    costUsd: Number.isFinite(cost) ? cost : null,
  });
}

async function follow(
  response: Response,
  events: AsyncIterable<string>,
  since: () => number,
  onChange: (part: Partial<Answer>) => void,
): Promise<void> {
  let text = "";
  for await (const data of events) {
    if (data === "[DONE]") return;
    const chunk = JSON.parse(data) as Completion;
    if (chunk.error) throw broken(chunk.error, response);
    const piece = pieceOf(chunk);
    if (piece !== "" && text === "") onChange({ firstTokenMs: since() });
    if (piece !== "") onChange({ state: "streaming", text: (text += piece) });
    onChange(endOf(chunk));
  }
  throw broken({ message: "The stream was cut off before its end. What had come is kept above.", code: "stream_cut" }, response);
}

function pieceOf({ choices }: Completion): string {
  return choices?.[0]?.delta?.content ?? "";
}

/** What the last chunks tell: why it ended, and what it took. */
function endOf({ choices, usage }: Completion): Partial<Answer> {
  const reason = choices?.[0]?.finish_reason;
  return {
    ...(reason && { finishReason: reason }),
    ...(usage && { tokens: tokens(usage), costUsd: usage.cost_usd ?? null }),
  };
}

function broken({ message, code }: Told, response: Response): ApiError {
  const facts = { status: response.status, code: code ?? null, param: null, details: {}, retryAfterS: null };
  return new ApiError(message ?? "The stream ended with an error.", { ...facts, requestId: response.headers.get("x-request-id") });
}

function tokens(usage: Usage | null | undefined): Tokens | null {
  return usage ? { input: usage.prompt_tokens ?? 0, output: usage.completion_tokens ?? 0 } : null;
}

/** The gateway says `none` when no model was chosen. */
function known(model: string | null): string | null {
  return model === "none" ? null : model;
}
