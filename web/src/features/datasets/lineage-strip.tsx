import { useDataset } from "./dataset-context";
import type { ExampleRead } from "./shapes";

import { useMay } from "@/api/me";
import { LineageStrip } from "@/components/lineage-strip";
import { paths } from "@/lib/paths";

/** Where an example stands on the loop: the call that it came from, and what was made of it. */
export function ExampleLineage({ of: { lineage, versions }, name }: { of: Pick<ExampleRead, "lineage" | "versions">; name?: string }) {
  const { id } = useDataset();
  const mayTrace = useMay("operations:read");
  const mayHear = useMay("feedback:read");
  const mayTrain = useMay("training:read");
  const { operation, feedback } = lineage;
  const [newest] = versions;
  const said = new URLSearchParams({ period: "all", open: feedback ?? "", ...(operation !== null && { operation }) });
  const held = newest !== undefined;
  return (
    <LineageStrip
      here="example"
      of={name}
      links={{
        operation: mayTrace && operation !== null && { href: `${paths.operations}/${operation}`, title: "Operation" },
        feedback: mayHear && feedback !== null && { href: `${paths.feedback}?${said.toString()}`, title: "Feedback" },
        dataset: held && { href: `${paths.datasets}/${id}/versions?version=${newest}`, title: `Dataset version ${newest}` },
        run: held && mayTrain && { href: `${paths.training}?dataset=${id}&datasetVersion=${versions.join(",")}`, title: "Training runs" },
      }}
    />
  );
}
