import { Figure, FigureRow } from "./figure";

import type { Figures } from "@/lib/evidence";
import { count, percentInterval } from "@/lib/format";
import { figure, headline, isShare, measure } from "@/lib/measures";
import { wilson } from "@/lib/statistics";

const COUNTS = /^(examples|support|count|majority)$/;

/** The headline with what chance alone would move it by, and up to three others. */
export function ResultFigures({ figures }: { figures: Figures }) {
  const first = headline(figures);
  if (!first) return <p className="text-quiet">No figures were told.</p>;
  const examples = figures["examples"] ?? figures["support"] ?? null;
  const others = Object.entries(figures).filter(([name]) => name !== first.name && !COUNTS.test(name));
  return (
    <FigureRow>
      <Figure main name={measure(first.name)} value={figure(first.name, first.value)} note={trust(first, examples)} />
      {others.slice(0, 3).map(([name, value]) => (
        <Figure key={name} name={measure(name)} value={value === null ? "–" : figure(name, value)} />
      ))}
    </FigureRow>
  );
}

function trust({ name, value }: { name: string; value: number }, examples: number | null): string {
  if (examples === null || !isShare(name)) return "on examples that it never saw";
  const { low, high } = wilson(Math.round(value * examples), examples);
  return `${percentInterval(low, high)} with 95 % confidence, on ${count(examples)} examples that it never saw`;
}
