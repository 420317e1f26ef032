/** What models are trained for, as people read it. */

export const tasks = {
  intent: { name: "Classify texts", help: "One label for each text, such as the team that a ticket belongs to." },
  entity: { name: "Find entities", help: "Names, dates and amounts, with their places in the text." },
  response: { name: "Answer questions", help: "The approved answer that fits, or an honest “don’t know”." },
  sft: { name: "Fine-tune a language model", help: "On questions with good answers." },
  dpo: { name: "Teach preferences", help: "On pairs of a better and a worse answer." },
} as const;

/** A server that is newer than this page may know more. */
export const taskName = (task: string): string => (Object.hasOwn(tasks, task) ? tasks[task as keyof typeof tasks].name : task);
