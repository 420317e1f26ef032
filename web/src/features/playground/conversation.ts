import { asked, counts, running, type Answer, type Message } from "./answer";

/** The columns, left and right; the right one is there when two are compared. */
export type Side = "left" | "right";

/** One question, and what each side answered. */
export interface Round {
  id: number;
  prompt: string;
  answers: Partial<Record<Side, Answer>>;
}

export type Change =
  | { type: "ask"; id: number; prompt: string; sides: Side[] }
  | { type: "again"; id: number; side: Side }
  | { type: "answer"; id: number; side: Side; part: Partial<Answer> }
  | { type: "back"; id: number }
  | { type: "load"; rounds: Round[] };

export function changed(rounds: Round[], change: Change): Round[] {
  switch (change.type) {
    case "load":
      return change.rounds;
    case "ask":
      return [...rounds, { id: change.id, prompt: change.prompt, answers: Object.fromEntries(change.sides.map((side) => [side, asked])) }];
    case "back":
      return rounds.filter(({ id }) => id < change.id);
    case "again":
      return put(rounds, change.id, change.side, () => asked);
    case "answer":
      return put(rounds, change.id, change.side, (answer) => ({ ...answer, ...change.part }));
  }
}

function put(rounds: Round[], id: number, side: Side, change: (answer: Answer) => Answer): Round[] {
  return rounds.map((round) =>
    round.id === id ? { ...round, answers: { ...round.answers, [side]: change(round.answers[side] ?? asked) } } : round,
  );
}

/** What one side is sent for a question: its own conversation up to there. */
export function messages(rounds: Round[], side: Side, id: number): Message[] {
  return rounds
    .filter((round) => round.id <= id)
    .flatMap(({ id: round, prompt, answers }): Message[] => {
      const answer = answers[side];
      const question: Message = { role: "user", content: prompt };
      if (round === id) return [question];
      // A side that was added later, or that failed, was never asked this.
      return counts(answer) ? [question, { role: "assistant", content: answer.text }] : [];
    });
}

export function busy(rounds: Round[], sides: Side[]): boolean {
  return rounds.some(({ answers }) => sides.some((side) => running(answers[side])));
}
