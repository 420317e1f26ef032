import { useEffect, useReducer, useRef } from "react";

import type { Answer } from "./answer";
import { ask, request, type Settings } from "./ask";
import { busy, changed, messages, type Round, type Side } from "./conversation";

/** Which route or model answers on each side. */
export type Lanes = Partial<Record<Side, string>>;

/** The conversation, and what asks in it. Leaving the page stops what is still being answered. */
export function useConversation(lanes: Lanes, settings: Settings, start: Round[]) {
  const [rounds, change] = useReducer(changed, start);
  const calls = useRef(new Map<string, AbortController>());
  const sides = (["left", "right"] as const).filter((side) => lanes[side] !== undefined);

  useEffect(() => {
    const open = calls.current;
    return () => open.forEach((call) => call.abort());
  }, []);

  async function run(known: Round[], id: number, side: Side): Promise<void> {
    const model = lanes[side];
    if (model === undefined) return;
    const call = new AbortController();
    const name = `${id} ${side}`;
    calls.current.set(name, call);
    const tell = (part: Partial<Answer>) => change({ type: "answer", id, side, part });
    try {
      await ask(request(model, messages(known, side, id), settings), call.signal, tell);
    } catch (error) {
      tell(call.signal.aborted ? { state: "stopped" } : { state: "failed", error: error instanceof Error ? error : new Error(String(error)) });
    } finally {
      calls.current.delete(name);
    }
  }

  return {
    rounds,
    sides,
    busy: busy(rounds, sides),
    send: (prompt: string) => {
      const id = (rounds.at(-1)?.id ?? -1) + 1;
      const known = changed(rounds, { type: "ask", id, prompt, sides });
      change({ type: "ask", id, prompt, sides });
      for (const side of sides) void run(known, id, side);
    },
    again: (id: number, side: Side) => {
      change({ type: "again", id, side });
      void run(rounds, id, side);
    },
    /** Takes the conversation back to before a question, and returns the question. */
    back: (id: number) => {
      change({ type: "back", id });
      return rounds.find((round) => round.id === id)?.prompt ?? "";
    },
    stop: () => calls.current.forEach((call) => call.abort()),
    load: (loaded: Round[]) => change({ type: "load", rounds: loaded }),
    /** What would be sent for a further question: for the snippets. */
    body: (side: Side, prompt: string) => {
      const id = (rounds.at(-1)?.id ?? -1) + 1;
      return request(lanes[side] ?? "", messages([...rounds, { id, prompt, answers: {} }], side, id), settings);
    },
  };
}

export type Conversation = ReturnType<typeof useConversation>;
