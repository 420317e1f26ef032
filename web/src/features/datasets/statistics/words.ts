import type { StatisticsRead } from "../shapes";
import { byCount } from "../words";

import { count, percent, plural } from "@/lib/format";

/** So few examples of a label are hardly enough to learn it. */
const FEW = 10;
/** So much more of one label than of another bends a model towards it. */
const LOPSIDED = 10;

/** What is to be known of the data before one trains on it. */
export function answerOf({ total, byLabel, byStatus, averageQuality }: StatisticsRead): string {
  if (total === 0) return "There is nothing to count yet.";
  const quality = averageQuality === null ? "" : `, at an average quality of ${percent(averageQuality)}`;
  return `${percent((byStatus.validated ?? 0) / total)} of ${plural(total, "example")} ${total === 1 ? "is" : "are"} approved${quality}. ${balanceOf(byLabel)}`.trim();
}

/** Whether there is enough of each label, and not too much of one. */
function balanceOf(byLabel: Record<string, number>): string {
  const labels = byCount(byLabel);
  const [most, least] = [labels[0], labels.at(-1)];
  if (!most || !least || labels.length < 2) return "";
  const few = labels.filter(([, examples]) => examples < FEW);
  if (few.length > 0) return `${few.length === 1 ? `${least[0]} has` : `${count(few.length)} of ${count(labels.length)} labels have`} fewer than ${FEW} examples: that is little to learn from.`;
  if (most[1] > least[1] * LOPSIDED) return `${most[0]} has ${count(Math.round(most[1] / least[1]))} times as many as ${least[0]}: weigh classes when you train.`;
  return `The ${plural(labels.length, "label")} are in balance.`;
}
