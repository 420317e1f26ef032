import { Link } from "@tanstack/react-router";
import { Fragment } from "react";

import type { Lineage as Known } from "@/api/schema.gen";
import { paths } from "@/lib/paths";

const steps = ["conversation", "feedback", "example", "dataset", "run", "version", "release"] as const;

/** Where an operation stands on the loop; what does not exist yet is quiet. */
export function Lineage({ lineage }: { lineage: Known }) {
  return (
    <nav aria-label="Lineage">
      <ol className="flex flex-wrap items-center gap-x-1.5 text-xs text-quiet">
        <li aria-current="step" className="font-medium text-ink">
          Operation
        </li>
        {steps.map((step) => (
          <Fragment key={step}>
            <li aria-hidden="true">→</li>
            <li className="capitalize">{step === "conversation" && lineage.conversation ? <Conversation id={lineage.conversation} /> : step}</li>
          </Fragment>
        ))}
      </ol>
    </nav>
  );
}

function Conversation({ id }: { id: string }) {
  return (
    <Link to={paths.operations} search={{ conversation: [id] }} title={`The operations of ${id}`} className="hit font-medium text-accent-ink underline">
      Conversation
    </Link>
  );
}
