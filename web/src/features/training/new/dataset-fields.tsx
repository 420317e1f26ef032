import { useQuery } from "@tanstack/react-query";

import { datasetVersionsQuery, type DatasetChoice } from "../queries";

import { taskOf, withDataset, type Draft } from "./draft";

import { SelectField } from "@/components/form/select-field";
import { plural } from "@/lib/format";
import { taskName } from "@/lib/tasks";

interface Props {
  draft: Draft;
  datasets: readonly DatasetChoice[];
  /** Somebody said what the model is called. */
  named: boolean;
  onChange: (draft: Draft) => void;
}

const NOW = "now";

/** What is learned from. */
export function DatasetFields({ draft, datasets, named, onChange }: Props) {
  const { data: versions } = useQuery(datasetVersionsQuery(draft.dataset));
  const listed = datasets.map((each) => ({ value: each.name, label: `${each.name} · ${taskName(taskOf(each)).toLowerCase()}` }));
  // A dataset that is named in the address may lie beyond those that are listed.
  const options = draft.dataset === "" || listed.some(({ value }) => value === draft.dataset) ? listed : [{ value: draft.dataset, label: draft.dataset }, ...listed];
  return (
    <>
      <SelectField
        label="Dataset"
        help="What it is to learn: examples with the right answer."
        value={draft.dataset}
        options={options}
        placeholder="Choose a dataset"
        onChange={(name) => {
          const dataset = datasets.find((each) => each.name === name);
          if (dataset) onChange(withDataset(draft, dataset, named));
        }}
      />
      <SelectField
        label="Version"
        help="A version never changes, so that what came of it can be made again."
        value={draft.version === "" ? NOW : draft.version}
        options={[
          { value: NOW, label: "As it is now, frozen for this run" },
          ...(versions?.items ?? []).map(({ version, note, examples }) => ({
            value: String(version),
            label: [`Version ${version}`, examples === undefined ? null : plural(examples, "example"), note].filter(Boolean).join(" · "),
          })),
        ]}
        onChange={(version) => onChange({ ...draft, version: version === NOW ? "" : version })}
      />
    </>
  );
}
