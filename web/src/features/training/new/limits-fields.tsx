import { useQuery } from "@tanstack/react-query";

import { trainedQuery } from "../queries";

import { MOST_SHARE, TEST_EXAMPLES, wrongAmount, type Draft } from "./draft";

import type { Priority } from "@/api/learning";
import { useMay } from "@/api/me";
import { SelectField } from "@/components/form/select-field";
import { TextField } from "@/components/form/text-field";

interface Props {
  draft: Draft;
  onChange: (draft: Draft) => void;
}

const priorities: { value: Priority; label: string }[] = [
  { value: "low", label: "Low: when nothing else waits" },
  { value: "normal", label: "Normal" },
  { value: "high", label: "High: before what is normal" },
  { value: "critical", label: "Critical: before everything" },
];

/** When it is its turn, what it may take of the machine, and what ends it. */
export function LimitsFields({ draft, onChange }: Props) {
  const set = (field: keyof Draft) => (value: string) => onChange({ ...draft, [field]: value });
  const versions = useVersions(draft.name);
  const number = { inputMode: "decimal", autoComplete: "off", optional: true } as const;
  return (
    <div className="space-y-5">
      <SelectField label="Priority" help="What waits long is moved up by itself." value={draft.priority} options={priorities} onChange={(value) => onChange({ ...draft, priority: value as Priority })} />
      {versions.length > 0 && (
        <SelectField
          label="Begins with"
          help="To go on from a version is faster, where little is new."
          value={draft.baseVersion}
          options={[{ value: "", label: "Nothing: it learns from scratch" }, ...versions.map((version) => ({ value: version, label: `Version ${version} of ${draft.name}` }))]}
          onChange={set("baseVersion")}
        />
      )}
      <TextField {...number} label="Quality of examples, at least" help="From 0 to 1. Examples below it are left out." value={draft.minQuality} placeholder="0" check={(text) => wrongAmount(text, 0, 1)} onChange={set("minQuality")} />
      {draft.version === "" && (
        <TextField {...number} label="Kept for the test, as a share" help={`From 0.05 to ${MOST_SHARE}. A version needs ${TEST_EXAMPLES} examples there to pass its gates.`} value={draft.testShare} placeholder="0.1" check={(text) => wrongAmount(text, 0.05, MOST_SHARE)} onChange={set("testShare")} />
      )}
      <TextField {...number} label="Cores" value={draft.cpu} placeholder="1" check={(text) => wrongAmount(text, 0.1, 1024)} onChange={set("cpu")} />
      <TextField {...number} label="Memory" unit="GB" help="A run that takes more is ended, and nothing else suffers." value={draft.memoryGb} placeholder="1" check={(text) => wrongAmount(text, 0.1, 65_536)} onChange={set("memoryGb")} />
      <TextField {...number} label="Ends at the latest after" unit="min" value={draft.wallMinutes} placeholder="120" check={(text) => wrongAmount(text, 0.1, 43_200)} onChange={set("wallMinutes")} />
      <TextField {...number} label="Costs at most" unit="USD" value={draft.costUsd} placeholder="no limit" check={(text) => wrongAmount(text, 0, 1e9)} onChange={set("costUsd")} />
      <TextField {...number} label="Seed" help="The same seed and data give the same model." inputMode="numeric" value={draft.seed} placeholder="7" onChange={set("seed")} />
    </div>
  );
}

/** The versions that there are of a model, newest first. */
function useVersions(name: string): string[] {
  const may = useMay("models:read");
  const { data } = useQuery({ ...trainedQuery, enabled: may });
  return data?.items.find((each) => each.name === name)?.versions.filter(({ state }) => state !== "deprecated").map(({ version }) => version) ?? [];
}
