import { CheckField } from "@/components/form/check-field";

interface Props {
  checked: boolean;
  onChange: (checked: boolean) => void;
}

/** What becomes of calls while nobody can be asked what was used. */
export function LenienceField({ checked, onChange }: Props) {
  return (
    <CheckField
      label="Let calls through while the database is away"
      help="Else they are refused once the servers have used the quota that they hold. What goes through is counted, and charged when the database is back."
      checked={checked}
      onChange={onChange}
    />
  );
}
