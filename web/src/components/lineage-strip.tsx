import { Link } from "@tanstack/react-router";
import { Fragment } from "react";

/** The steps of the loop, in its order. */
const STEPS = { operation: "Operation", feedback: "Feedback", example: "Example", dataset: "Dataset version", run: "Training run", version: "Model version", release: "Release", experiment: "Experiment" } as const;

export type Step = keyof typeof STEPS;

interface Props {
  here: Step;
  /** What it is of, where a page has several. */
  of?: string | undefined;
  /** Where the neighbours are, and what they are called; a step without one is quiet. */
  links: Partial<Record<Step, { href: string; title: string } | null | false>>;
}

/** Where an object stands on the loop. */
export function LineageStrip({ here, of, links }: Props) {
  return (
    <nav aria-label={of === undefined ? "Lineage" : `Lineage of ${of}`}>
      <ol className="flex flex-wrap items-center gap-x-1.5 gap-y-1 text-xs text-quiet">
        {(Object.keys(STEPS) as Step[]).map((step, index) => {
          const link = links[step];
          return (
            <Fragment key={step}>
              {index > 0 && <li aria-hidden="true">→</li>}
              <li {...(step === here && { "aria-current": "step" as const, className: "font-medium text-ink" })}>
                {link && step !== here ? (
                  <Link to={link.href} className="hit font-medium text-accent-ink underline underline-offset-4">
                    {link.title}
                  </Link>
                ) : (
                  STEPS[step]
                )}
              </li>
            </Fragment>
          );
        })}
      </ol>
    </nav>
  );
}
