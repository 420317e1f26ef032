"""The statistics of experiments and releases: pure functions over sums of units, with no database.

`compare` estimates a difference by one of three methods, `guardrail` watches for harm on one side,
`sample_ratio` checks that units came as they should, `units_needed` plans, `verdict` says it in words.
Every formula names its source, and is held against published figures in `tests/experiments`.
"""

from hone.experiments.statistics.adjusting import Cuped, cuped
from hone.experiments.statistics.bandits import best_chances, top_two_thompson, weighted
from hone.experiments.statistics.beta_spending import planned as planned_bounds
from hone.experiments.statistics.comparing import Effect, Interval, Look, Method, compare
from hone.experiments.statistics.futility import chance_left, conditional_power
from hone.experiments.statistics.group_sequential import Spending
from hone.experiments.statistics.guardrails import (
    EARLY,
    Harm,
    guardrail,
    guardrail_between,
    guardrail_of_strata,
)
from hone.experiments.statistics.moments import (
    Direction,
    Estimate,
    Kind,
    Moments,
    estimate,
    shown,
)
from hone.experiments.statistics.multiple import discovery_p, false_discovery, shared
from hone.experiments.statistics.power import Baseline, days_needed, units_needed
from hone.experiments.statistics.ratios import SampleRatio, sample_ratio
from hone.experiments.statistics.stratified import Side, Term, side, terms, weights
from hone.experiments.statistics.verdicts import Compared, Outcome, Verdict, verdict
from hone.experiments.statistics.wording import (
    Metric,
    Role,
    Unit,
    effect_words,
    figure,
    gap,
    harm_words,
)

__all__ = [
    "EARLY",
    "Baseline",
    "Compared",
    "Cuped",
    "Direction",
    "Effect",
    "Estimate",
    "Harm",
    "Interval",
    "Kind",
    "Look",
    "Method",
    "Metric",
    "Moments",
    "Outcome",
    "Role",
    "SampleRatio",
    "Side",
    "Spending",
    "Term",
    "Unit",
    "Verdict",
    "best_chances",
    "chance_left",
    "compare",
    "conditional_power",
    "cuped",
    "days_needed",
    "discovery_p",
    "effect_words",
    "estimate",
    "false_discovery",
    "figure",
    "gap",
    "guardrail",
    "guardrail_between",
    "guardrail_of_strata",
    "harm_words",
    "planned_bounds",
    "sample_ratio",
    "shared",
    "shown",
    "side",
    "terms",
    "top_two_thompson",
    "units_needed",
    "verdict",
    "weighted",
    "weights",
]
