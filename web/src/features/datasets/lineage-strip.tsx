import { Link } from "@tanstack/react-router";
import { Fragment, type ReactNode } from "react";

import { useDataset } from "./dataset-context";
import type { ExampleRead } from "./shapes";

import { useMay } from "@/api/me";
import { paths } from "@/lib/paths";

const LINK = "inline-flex min-h-6 min-w-6 items-center font-medium text-accent-ink underline";

/** Where an example stands on the loop: the call that it came from, and what was made of it. */
export function LineageStrip({ of: { id, lineage, versions } }: { of: Pick<ExampleRead, "id" | "lineage" | "versions"> }) {
  const { id: datasetId } = useDataset();
  const mayTrace = useMay("operations:read");
  const mayHear = useMay("feedback:read");
  const { operation, conversation, feedback } = lineage;
  const steps: [string, ReactNode][] = [
    [
      "operation",
      mayTrace && operation !== null ? (
        <Link to={paths.operation} params={{ operationId: operation }} title={operation} className={LINK}>
          Operation
        </Link>
      ) : (
        "Operation"
      ),
    ],
    [
      "conversation",
      mayTrace && conversation !== null ? (
        <Link to={paths.operations} search={{ conversation: [conversation] }} title={`The operations of ${conversation}`} className={LINK}>
          Conversation
        </Link>
      ) : (
        "Conversation"
      ),
    ],
    [
      "feedback",
      mayHear && feedback !== null ? (
        <Link to={paths.feedback} search={{ period: "all", open: feedback, ...(operation !== null && { operation }) }} title={feedback} className={LINK}>
          Feedback
        </Link>
      ) : (
        "Feedback"
      ),
    ],
    ["example", <span key="example" aria-current="step" className="font-medium text-ink">Example</span>],
    [
      "version",
      versions[0] === undefined ? (
        "Version"
      ) : (
        <Link key="version" to={paths.datasetVersions} params={{ datasetId }} search={{ version: versions[0] }} title="The newest version that holds it" className={LINK}>
          Version {versions[0]}
        </Link>
      ),
    ],
    ["run", "Run"],
  ];
  return (
    <nav aria-label={`Lineage of ${id}`}>
      <ol className="flex flex-wrap items-center gap-x-1.5 text-xs text-quiet">
        {steps.map(([id, step], index) => (
          <Fragment key={id}>
            {index > 0 && <li aria-hidden="true">→</li>}
            <li>{step}</li>
          </Fragment>
        ))}
      </ol>
    </nav>
  );
}
