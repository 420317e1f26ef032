import { Link } from "@tanstack/react-router";
import { Dumbbell } from "lucide-react";

import type { DatasetRead } from "./shapes";

import { Permitted } from "@/components/permitted";
import { primaryLink } from "@/components/ui/looks";
import { paths } from "@/lib/paths";

/** Leads to a training that is filled in with this dataset, once there is something to learn from. */
export function TrainOn({ dataset: { name, validated } }: { dataset: Pick<DatasetRead, "name" | "validated"> }) {
  if (validated === 0) return null;
  return (
    <Permitted to="training:write">
      <Link to={paths.newRun} search={{ dataset: name }} className={primaryLink}>
        <Dumbbell aria-hidden="true" className="size-4" /> Train a model
      </Link>
    </Permitted>
  );
}
