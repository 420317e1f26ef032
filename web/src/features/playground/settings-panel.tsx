import { ChevronDown, CircleAlert } from "lucide-react";
import { useId, useState, type RefObject } from "react";

import type { Settings } from "./ask";

import { CheckField } from "@/components/form/check-field";
import { TextField } from "@/components/form/text-field";

/** The settings, and the names of those that hold what cannot be sent. */
export interface SettingsDraft extends Settings {
  wrong: readonly string[];
}

interface Props {
  settings: SettingsDraft;
  panel: RefObject<HTMLDetailsElement | null>;
  onChange: (settings: SettingsDraft) => void;
}

/** What goes along with every question. Shut, it tells what differs from the defaults. */
export function SettingsPanel({ settings, panel, onChange }: Props) {
  const id = useId();
  const set = (part: Partial<Settings>) => onChange({ ...settings, ...part });
  const setAmount = (part: Partial<Settings>, name: string, right: boolean) => {
    const others = settings.wrong.filter((each) => each !== name);
    onChange({ ...settings, ...part, wrong: right ? others : [...others, name] });
  };
  return (
    <details ref={panel} className="group rounded-md border border-line bg-surface">
      <summary className="flex min-h-9 items-center gap-2 rounded-md px-3 py-1.5 text-sm pointer-coarse:min-h-11">
        <span className="flex min-w-0 flex-1 flex-wrap gap-x-2">
          <span className="font-medium">System prompt and settings</span>
          <Summary settings={settings} />
        </span>
        <ChevronDown aria-hidden="true" className="size-4 shrink-0 text-quiet transition-transform group-open:rotate-180" />
      </summary>
      {/* What is written in comes to stand above the composer, which lies over the foot of the page. */}
      <div className="space-y-4 border-t border-line p-3 [&_:is(input,textarea)]:scroll-mb-44">
        <div>
          <label htmlFor={id} className="font-medium">
            System prompt
          </label>
          <textarea
            id={id}
            rows={3}
            maxLength={100_000}
            value={settings.system}
            onChange={(event) => set({ system: event.target.value })}
            aria-describedby={`${id}-help`}
            className="mt-1.5 block field-sizing-content max-h-60 min-h-20 w-full rounded-md border border-edge bg-surface px-3 py-2 leading-6"
          />
          <p id={`${id}-help`} className="mt-1 text-xs text-quiet">
            Stands before the conversation and says who the model is to be.
          </p>
        </div>
        <div className="grid items-start gap-4 lg:grid-cols-2">
          <Amount
            label="Temperature"
            help="0 is the most predictable; empty leaves it to the model."
            value={settings.temperature}
            bounds={{ min: 0, max: 2 }}
            onChange={(temperature, right) => setAmount({ temperature }, "temperature", right)}
          />
          <Amount
            label="Longest answer"
            unit="tokens"
            help="The answer is cut off there; empty leaves it to the model."
            value={settings.maxTokens}
            bounds={{ min: 1, max: 1_000_000, whole: true }}
            onChange={(maxTokens, right) => setAmount({ maxTokens }, "longest answer", right)}
          />
        </div>
        <CheckField
          label="Stream the answer"
          help="Shows each piece as it comes, and measures the first token."
          checked={settings.stream}
          onChange={(stream) => set({ stream })}
        />
      </div>
    </details>
  );
}

interface Bounds {
  min: number;
  max: number;
  whole?: boolean;
}

interface AmountProps {
  label: string;
  help: string;
  unit?: string;
  value: number | null;
  bounds: Bounds;
  onChange: (value: number | null, right: boolean) => void;
}

/** A number or nothing. What is out of bounds stays in the field, and nothing is sent with it. */
function Amount({ value, bounds, onChange, ...field }: AmountProps) {
  const [text, setText] = useState(value === null ? "" : String(value));
  return (
    <TextField
      {...field}
      optional
      // A field of numbers would give an empty text for what is none, and it would be sent without a word.
      inputMode={bounds.whole ? "numeric" : "decimal"}
      value={text}
      check={(typed) => fault(typed, bounds)}
      onChange={(typed) => {
        setText(typed);
        const right = fault(typed, bounds) === null;
        onChange(typed.trim() === "" || !right ? null : numberOf(typed), right);
      }}
    />
  );
}

const numberOf = (text: string) => Number(text.trim().replace(",", "."));

/** What is wrong with an amount, or null; nothing is right too. */
function fault(text: string, { min, max, whole = false }: Bounds): string | null {
  const value = numberOf(text);
  if (text.trim() === "" || (value >= min && value <= max && (!whole || Number.isInteger(value)))) return null;
  return `A ${whole ? "whole number" : "number"} from ${min} to ${max.toLocaleString("en-GB")}.`;
}

/** What is wrong, or what differs from the defaults. */
function Summary({ settings }: { settings: SettingsDraft }) {
  if (settings.wrong.length === 0) return <span className="min-w-0 truncate text-quiet">{told(settings)}</span>;
  return (
    <span className="inline-flex items-center gap-1 text-bad">
      <CircleAlert aria-hidden="true" className="size-3.5 shrink-0" />
      {settings.wrong.join(" and ")} {settings.wrong.length === 1 ? "is" : "are"} wrong
    </span>
  );
}

function told({ system, temperature, maxTokens, stream }: Settings): string {
  const parts = [
    system.trim() === "" ? null : "a system prompt",
    temperature === null ? null : `temperature ${temperature}`,
    maxTokens === null ? null : `at most ${maxTokens} tokens`,
    stream ? null : "not streamed",
  ].filter((part) => part !== null);
  return parts.length === 0 ? "defaults" : parts.join(", ");
}
