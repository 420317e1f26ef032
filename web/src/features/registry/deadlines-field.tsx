import { DEADLINES, deadlineFault, type Deadline } from "./draft";

import { errorAt } from "@/components/form/errors";
import { TextField } from "@/components/form/text-field";

/** What the gateway waits when a route says nothing. */
const USUAL: Record<Deadline, string> = { connect: "5", firstToken: "60", stall: "30", total: "600" };

const words: Record<Deadline, { label: string; help: string }> = {
  connect: { label: "Connect", help: "Until the provider accepts the connection." },
  firstToken: { label: "First token", help: "Until a stream begins. Then the next fallback is asked." },
  stall: { label: "Stall", help: "Between two pieces of a stream." },
  total: { label: "Whole answer", help: "From the first byte sent to the last received." },
};

interface Props {
  deadlines: Readonly<Record<Deadline, string>>;
  error: Error | null;
  onChange: (deadlines: Record<Deadline, string>) => void;
}

/** How long each part of an attempt may take. */
export function DeadlinesField({ deadlines, error, onChange }: Props) {
  return (
    <fieldset className="min-w-0 space-y-4">
      <legend className="font-medium">Deadlines</legend>
      {DEADLINES.map((each) => (
        <TextField
          key={each}
          label={words[each].label}
          help={`${words[each].help} Usually ${USUAL[each]} s.`}
          optional
          inputMode="decimal"
          placeholder={USUAL[each]}
          unit="s"
          value={deadlines[each]}
          check={deadlineFault}
          error={errorAt(error, `deadlines.${each}`)}
          onChange={(value) => onChange({ ...deadlines, [each]: value })}
        />
      ))}
    </fieldset>
  );
}
