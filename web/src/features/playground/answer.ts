/** One answer of one lane, from the moment it is asked for. */

export interface Message {
  role: "system" | "user" | "assistant";
  content: string;
}

export interface Tokens {
  input: number;
  output: number;
}

export interface Answer {
  /** `kept`: it was read from a recorded operation, and nothing was asked. */
  state: "waiting" | "streaming" | "done" | "stopped" | "failed" | "kept";
  text: string;
  firstTokenMs: number | null;
  totalMs: number | null;
  tokens: Tokens | null;
  costUsd: number | null;
  /** The model that answered; a route chooses among several. */
  model: string | null;
  operationId: string | null;
  finishReason: string | null;
  error: Error | null;
}

export const asked: Answer = {
  state: "waiting",
  text: "",
  firstTokenMs: null,
  totalMs: null,
  tokens: null,
  costUsd: null,
  model: null,
  operationId: null,
  finishReason: null,
  error: null,
};

export const kept = (text: string): Answer => ({ ...asked, state: "kept", text });

export function running(answer: Answer | undefined): boolean {
  return answer?.state === "waiting" || answer?.state === "streaming";
}

/** Whether the answer belongs to the conversation that is sent on: one that failed does not. */
export function counts(answer: Answer | undefined): answer is Answer {
  return answer !== undefined && answer.text !== "" && answer.state !== "failed";
}
