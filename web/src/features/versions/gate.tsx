import { CircleCheck, CircleX } from "lucide-react";

import type { Gate } from "@/api/versions";
import { measure } from "@/lib/measures";

const names: Record<string, string> = {
  testExamples: "Enough to test on",
  baseline: "Better than guessing",
  better: "Better than what is live",
  slices: "No part of the traffic falls",
  floor: "Good enough at all",
  latency: "Fast enough",
  size: "Small enough",
  calibration: "Its confidence can be believed",
  template: "Asked as it was taught",
};

/** What had to hold before it may go into force, one by one, each with what was measured. */
export function GateChecks({ gate }: { gate: Gate }) {
  return (
    <ul aria-label="Gates" className="text-sm">
      {gate.checks.map(({ name, passed, words }) => (
        <li key={name} className="flex gap-2.5 border-t border-line py-2">
          {passed ? <CircleCheck aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-good" /> : <CircleX aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-bad" />}
          <span className="min-w-0">
            <span className="font-medium">{names[name] ?? measure(name)}</span>
            <span className="sr-only">{passed ? ": passed" : ": not passed"}</span>
            <span className="block text-pretty wrap-anywhere text-quiet first-letter:uppercase">{words}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}
