import { METRICS, OBJECTIVES, unitOf, withMetric, withObjective, wrongCount, wrongNumber, wrongShare, type MonitorDraft } from "./draft";

import { errorAt } from "@/components/form/errors";
import { SelectField } from "@/components/form/select-field";
import { TextField } from "@/components/form/text-field";
import { metricWords } from "@/lib/watched";

interface Props {
  draft: MonitorDraft;
  error: Error | null;
  onChange: (draft: MonitorDraft) => void;
}

/** When it rings; which fields there are depends on what is watched. */
export function RuleFields(props: Props) {
  switch (props.draft.kind) {
    case "metric":
      return <MetricFields {...props} />;
    case "objective":
      return <ObjectiveFields {...props} />;
    case "drift":
      return <Count {...props} field="referenceDays" param="rule.referenceDays" label="Compared with the last" unit="days" help="Without the last day." />;
    case "estimated_accuracy":
      return <Level {...props} label="Rings below" />;
    case "error_patterns":
      return <Count {...props} field="minimum" param="rule.minimum" label="Tells of a kind that came" unit="times" help="What comes once or twice is listed, and rings nobody." />;
  }
}

function MetricFields(props: Props) {
  const { draft, error, onChange } = props;
  return (
    <>
      <SelectField label="Metric" value={draft.metric} options={METRICS.map(({ value }) => ({ value, label: metricWords(value) }))} error={errorAt(error, "rule.metric")} onChange={(metric) => onChange(withMetric(draft, metric))} />
      <Level {...props} label={`Rings ${draft.comparison}`} />
      <Count {...props} field="windowMinutes" param="rule.windowMinutes" label="Looked at together" unit="minutes" help="A short time sees sooner; a long one sees smaller differences." />
      <Count {...props} field="minimum" param="rule.minimum" label="Only with so many" unit="calls" help="Fewer say too little: then it has no data." />
      {draft.subject === "" && (
        <SelectField
          label="Apart"
          value={draft.by}
          options={[
            { value: "", label: "all together" },
            { value: "model", label: "each model by itself" },
            { value: "route", label: "each route by itself" },
          ]}
          error={errorAt(error, "rule.by")}
          onChange={(by) => onChange({ ...draft, by: by as MonitorDraft["by"] })}
        />
      )}
    </>
  );
}

function ObjectiveFields(props: Props) {
  const { draft, error, onChange } = props;
  return (
    <>
      <SelectField label="What is to be good" value={draft.metric} options={OBJECTIVES.map(({ value }) => ({ value, label: metricWords(value) }))} error={errorAt(error, "rule.metric")} onChange={(metric) => onChange(withObjective(draft, metric))} />
      {draft.metric !== "cost" && (
        <TextField label="How much of it" unit="%" inputMode="decimal" value={draft.target} check={wrongShare} error={errorAt(error, "rule.target")} onChange={(target) => onChange({ ...draft, target })} />
      )}
      {draft.metric === "latency" && <Level {...props} label="In time is within" />}
      {draft.metric === "cost" && <Level {...props} label="At most" />}
      <Count {...props} field="days" param="rule.days" label="Over" unit="days" help="What may go wrong in these days is the budget." />
    </>
  );
}

function Level({ draft, error, onChange, label }: Props & { label: string }) {
  const unit = unitOf(draft);
  return <TextField label={label} unit={unit} inputMode="decimal" value={draft.threshold} check={unit === "%" ? wrongShare : wrongNumber} error={errorAt(error, "rule.threshold")} onChange={(threshold) => onChange({ ...draft, threshold })} />;
}

interface CountProps extends Props {
  field: "windowMinutes" | "minimum" | "days" | "referenceDays";
  param: string;
  label: string;
  unit: string;
  help: string;
}

function Count({ draft, error, onChange, field, param, label, unit, help }: CountProps) {
  return <TextField label={label} unit={unit} help={help} inputMode="numeric" value={draft[field]} check={wrongCount} error={errorAt(error, param)} onChange={(value) => onChange({ ...draft, [field]: value })} />;
}
