import { explorationFault, factorFault, type RouteDraft } from "./draft";
import { LearnedNote } from "./learned-note";
import { isPolicy, policies, selective, SIDES, type Side } from "./policies";

import type { Policy } from "@/api/schema.gen";
import { errorAt } from "@/components/form/errors";
import { SelectField } from "@/components/form/select-field";
import { TextField } from "@/components/form/text-field";

const words: Record<Side, string> = { cost: "Cost", performance: "Performance", quality: "Quality" };
const options = (Object.keys(policies) as Policy[]).map((value) => ({ value, label: `${policies[value].label}: ${policies[value].short}` }));

interface Props {
  draft: RouteDraft;
  error: Error | null;
  onChange: (draft: RouteDraft) => void;
}

/** How the route chooses among its targets, and what that way of choosing needs. */
export function PolicyField({ draft, error, onChange }: Props) {
  const { policy, factors, exploration, regions } = draft;
  return (
    <fieldset className="min-w-0 space-y-4">
      <legend className="font-medium">Policy</legend>
      <SelectField
        label="How it chooses"
        help={policies[policy].help}
        value={policy}
        options={options}
        error={errorAt(error, "policy")}
        onChange={(next) => isPolicy(next) && onChange({ ...draft, policy: next })}
      />
      {selective(policy) && (
        <>
          <p className="text-xs text-pretty text-quiet">
            How much each side counts, on any scale: with 3, 1 and 1 the first counts three times as much as each of the others. Empty is 1.
          </p>
          <div className="grid gap-4 sm:grid-cols-3">
            {SIDES.map((each) => (
              <TextField
                key={each}
                label={words[each]}
                // Three in a row have no room for help beside them.
                className="gap-x-0! md:grid-cols-1!"
                optional
                inputMode="decimal"
                placeholder="1"
                value={factors[each]}
                check={factorFault}
                error={errorAt(error, `factors.${each}`)}
                onChange={(value) => onChange({ ...draft, factors: { ...factors, [each]: value } })}
              />
            ))}
          </div>
          {policy === "intelligent" && <LearnedNote />}
          <TextField
            label="Regions"
            help="Where calls may be answered, such as eu, us. Models that say no region are then never asked."
            optional
            placeholder="anywhere"
            value={regions}
            error={errorAt(error, "regions")}
            onChange={(value) => onChange({ ...draft, regions: value })}
          />
        </>
      )}
      {policy === "adaptive" && (
        <TextField
          label="Exploration"
          help="The part of the calls that is spread evenly, whatever was learnt. Usually 0.05."
          optional
          inputMode="decimal"
          placeholder="0.05"
          value={exploration}
          check={explorationFault}
          error={errorAt(error, "exploration")}
          onChange={(value) => onChange({ ...draft, exploration: value })}
        />
      )}
    </fieldset>
  );
}
