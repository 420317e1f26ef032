import { fieldsOf, wrongWith, type ParamField, type Typed } from "./params";

import type { Engine } from "@/api/learning";
import { CheckField } from "@/components/form/check-field";
import { SelectField } from "@/components/form/select-field";
import { TextField } from "@/components/form/text-field";

interface Props {
  engine: Engine;
  typed: Typed;
  onChange: (typed: Typed) => void;
}

/** The engine's parameters, from its own schema; what is left empty stays as it is usual. */
export function ParamsFields({ engine, typed, onChange }: Props) {
  const fields = fieldsOf(engine.parameters, engine.defaults);
  if (fields.length === 0) return <p className="text-quiet">This engine has no parameters.</p>;
  return (
    <div className="space-y-5">
      {fields.map((field) => (
        <ParamInput key={field.path} field={field} value={typed[field.path] ?? ""} onChange={(value) => onChange({ ...typed, [field.path]: value })} />
      ))}
    </div>
  );
}

function ParamInput({ field, value, onChange }: { field: ParamField; value: string; onChange: (value: string) => void }) {
  const { label, help, usual, kind, options } = field;
  if (kind === "yes-no") return <CheckField label={label} help={help} checked={(value || usual) === "true"} onChange={(checked) => onChange(String(checked))} />;
  if (kind === "choice") return <SelectField label={label} help={help} value={value || usual} options={[...(usual === "" ? [{ value: "", label: "chosen by the engine" }] : []), ...options.map((each) => ({ value: each, label: each === usual ? `${each} (usual)` : each }))]} onChange={onChange} />;
  return (
    <TextField
      label={label}
      help={help}
      value={value}
      placeholder={usual === "" ? "chosen by the engine" : usual}
      inputMode={kind === "text" || kind === "json" ? "text" : "decimal"}
      autoComplete="off"
      mono={kind === "json"}
      optional
      check={(text) => wrongWith(field, text)}
      onChange={onChange}
    />
  );
}
