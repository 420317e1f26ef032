# pyright: basic, reportMissingImports=false
"""Ask other programs what the statistics of experiments should be, and write it to reference.json.

    uv venv /tmp/reference && uv pip install -p /tmp/reference/bin/python -r requirements.txt
    /tmp/reference/bin/python generate.py

Data is drawn with a fixed seed; only its sums and the answers are kept.
"""

import json
import math
import warnings
from pathlib import Path

import numpy as np
import statsmodels.api as sm
from gbstats.frequentist.tests import (
    FrequentistConfig,
    SequentialConfig,
    SequentialTwoSidedTTest,
    TwoSidedTTest,
)
from gbstats.models.statistics import RatioStatistic, SampleMeanStatistic
from numpy.polynomial.legendre import leggauss
from scipy import integrate, optimize, stats
from scipy.special import betainc
from ssrm_test.ssrm_test import sequential_posteriors
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    samplesize_proportions_2indep_onetail,
)

RANDOM = np.random.default_rng(20261126)


def distributions() -> dict:
    ts = [(0.3, 3.5), (1.96, 12.2), (2.5, 400.0), (6.0, 51.0), (-1.2, 8.0)]
    chis = [(0.1, 1), (3.84, 1), (10.8, 3), (55.0, 9), (140.0, 11)]
    betas = [(0.5, 0.5, 0.2), (3.0, 7.5, 0.4), (200.0, 180.0, 0.55), (50.0, 0.5, 0.99)]
    return {
        "student": [[t, df, stats.t.sf(t, df)] for t, df in ts],
        "quantile": [
            [p, df, stats.t.isf(p, df)] for p, df in [(0.025, 3.3), (0.005, 61.0), (1e-5, 900.0)]
        ],
        "chi_square": [[x, df, stats.chi2.sf(x, df)] for x, df in chis],
        "beta": [[a, b, x, betainc(a, b, x)] for a, b, x in betas],
    }


def sums(values, other=None) -> list:
    other = np.zeros_like(values) if other is None else other
    return [
        len(values),
        float(values.sum()),
        float((values**2).sum()),
        float(other.sum()),
        float((other**2).sum()),
        float((values * other).sum()),
    ]


def mean_of(values) -> SampleMeanStatistic:
    return SampleMeanStatistic(
        n=len(values), sum=float(values.sum()), sum_squares=float((values**2).sum())
    )


def told(test) -> list:
    test = test.compute_result()
    return [test.expected, test.ci[0], test.ci[1], test.p_value]


def absolute(config, **more):
    return config(difference_type="absolute", **more)


def means() -> list:
    rows = []
    for n, m, shift in [(40, 55, 0.4), (800, 900, 0.1), (5000, 500, 0.0), (12, 9, 1.0)]:
        one = RANDOM.gamma(2.0, 1.0, n)
        other = RANDOM.gamma(2.0, 1.3, m) + shift
        pair = mean_of(one), mean_of(other)
        rows.append(
            {
                "control": sums(one),
                "treatment": sums(other),
                "fixed": told(TwoSidedTTest(*pair, absolute(FrequentistConfig, alpha=0.05))),
                "always_valid": {
                    str(planned): told(
                        SequentialTwoSidedTTest(
                            *pair,
                            absolute(
                                SequentialConfig, alpha=0.05, sequential_tuning_parameter=planned
                            ),
                        )
                    )
                    for planned in (1000, 5000)
                },
            }
        )
    return rows


def ratios() -> list:
    rows = []
    for n, m in [(300, 320), (4000, 1000)]:
        made = []
        for size, rate in ((n, 0.20), (m, 0.23)):
            calls = RANDOM.poisson(4.0, size) + 1.0
            taste = RANDOM.beta(4, 4 / rate - 4, size)
            made.append((RANDOM.binomial(calls.astype(int), taste).astype(float), calls))
        pair = [
            RatioStatistic(
                n=len(part),
                m_statistic=mean_of(part),
                d_statistic=mean_of(whole),
                m_d_sum_of_products=float((part * whole).sum()),
            )
            for part, whole in made
        ]
        rows.append(
            {
                "control": sums(*made[0]),
                "treatment": sums(*made[1]),
                "fixed": told(TwoSidedTTest(*pair, absolute(FrequentistConfig, alpha=0.05))),
            }
        )
    return rows


def proportions() -> list:
    rows = []
    for won, n, wins, m in [
        (0, 20, 3, 25),
        (702, 1000, 731, 1000),
        (7, 4000, 19, 3900),
        (5, 5, 1, 6),
    ]:
        low, high = confint_proportions_2indep(
            wins, m, won, n, method="agresti-caffo", compare="diff"
        )
        rows.append([won, n, wins, m, float(low), float(high)])
    return rows


def cuped() -> list:
    """The coefficient of the arm in a regression of value on arm and covariate."""
    rows = []
    for n, m, tie in [(500, 450, 0.8), (3000, 3000, 0.3)]:
        before = RANDOM.normal(3, 2, n + m)
        arm = np.r_[np.zeros(n), np.ones(m)]
        value = 1 + tie * before + 0.2 * arm + RANDOM.normal(0, 1, n + m)
        fit = sm.OLS(value, sm.add_constant(np.c_[arm, before])).fit()
        rows.append(
            {
                "control": sums(value[:n], before[:n]),
                "treatment": sums(value[n:], before[n:]),
                "difference": float(fit.params[1]),
                "theta": float(fit.params[2]),
                "error": float(fit.HC0_se[1]),
                "plain_error": float(
                    math.sqrt(value[:n].var(ddof=1) / n + value[n:].var(ddof=1) / m)
                ),
            }
        )
    return rows


def fieller() -> list:
    """Find where the test of "treatment is R times control" is just passed."""
    rows = []
    for one, spread, other, wide in [(10.0, 0.16, 11.0, 0.25), (0.7, 4e-4, 0.73, 5e-4)]:

        def edge(ratio, one=one, spread=spread, other=other, wide=wide):
            return (other - ratio * one) ** 2 - 1.96**2 * (wide + ratio**2 * spread)

        middle = other / one
        low = optimize.brentq(edge, 0, middle, xtol=1e-14)
        high = optimize.brentq(edge, middle, 10 * middle, xtol=1e-14)
        rows.append([one, spread, other, wide, low - 1, high - 1])
    return rows


def spent(alpha, time, spending) -> float:
    if time >= 1:
        return alpha
    if spending == "obrien_fleming":
        return 2 * stats.norm.sf(stats.norm.isf(alpha / 2) / math.sqrt(time))
    return alpha * math.log(1 + (math.e - 1) * time)


class Walk:
    """Paths that crossed nothing yet, by Gauss and Legendre's rule with 400 nodes."""

    def __init__(self, drift=0.0):
        self.time, self.drift, self.points, self.masses = 0.0, drift, None, None

    def above(self, bound, time) -> float:
        if self.points is None:
            return stats.norm.sf(bound - self.drift * math.sqrt(time))
        step = math.sqrt(time - self.time)
        reach = bound * math.sqrt(time) - self.drift * (time - self.time)
        return float((self.masses * stats.norm.sf((reach - self.points) / step)).sum())

    def go(self, bound, time):
        """Points are sums here, not z."""
        edge = min(bound, 10.0) * math.sqrt(time)
        nodes, weights = leggauss(400)
        points, weights = nodes * edge, weights * edge
        if self.points is None:
            density = stats.norm.pdf(points, self.drift * time, math.sqrt(time))
        else:
            step, gap = math.sqrt(time - self.time), self.drift * (time - self.time)
            density = (self.masses * stats.norm.pdf(points[:, None], self.points + gap, step)).sum(
                axis=1
            )
        self.time, self.points, self.masses = time, points, weights * density


def group_sequential() -> list:
    rows = []
    for times, alpha, spending in [
        ((0.2, 0.4, 0.6, 0.8, 1.0), 0.05, "obrien_fleming"),
        ((0.2, 0.4, 0.6, 0.8, 1.0), 0.05, "pocock"),
        ((0.3, 0.35, 0.9, 1.0), 0.05, "obrien_fleming"),
        ((0.1, 0.5, 1.0), 0.01, "pocock"),
        (tuple((k + 1) / 10 for k in range(10)), 0.05, "obrien_fleming"),
    ]:
        path, paid, bounds = Walk(), 0.0, []
        for time in times:
            allowed = spent(alpha / 2, time, spending)
            bound = optimize.brentq(
                lambda c, path=path, time=time, paid=paid, allowed=allowed: (
                    math.log(path.above(c, time)) - math.log(allowed - paid)
                ),
                0,
                9,
                xtol=1e-12,
            )
            bounds.append(bound)
            path.go(bound, time)
            paid = allowed
        power = {}
        for drift in (1.0, 2.8, 3.5):
            path, total = Walk(drift), 0.0
            for time, bound in zip(times, bounds, strict=True):
                total += path.above(bound, time)
                path.go(bound, time)
            power[str(drift)] = total
        rows.append(
            {"times": times, "alpha": alpha, "spending": spending, "bounds": bounds, "power": power}
        )
    return rows


def power() -> dict:
    mean = [
        [size, alpha, chance, ratio, NormalIndPower().solve_power(size, None, alpha, chance, ratio)]
        for size, alpha, chance, ratio in [
            (0.1, 0.05, 0.8, 1.0),
            (0.05, 0.01, 0.9, 0.5),
            (0.3, 0.1, 0.7, 2.0),
        ]
    ]
    proportion = [
        [
            control,
            gain,
            alpha,
            chance,
            float(
                samplesize_proportions_2indep_onetail(gain, control, chance, ratio=1, alpha=alpha)
            ),
        ]
        for control, gain, alpha, chance in [
            (0.7, 0.03, 0.05, 0.9),
            (0.02, 0.005, 0.05, 0.8),
            (0.5, -0.1, 0.01, 0.8),
        ]
    ]
    return {"mean": mean, "proportion": proportion}


def sample_ratios() -> list:
    rows = []
    for counts, shares in [
        ([1000, 1100], [0.5, 0.5]),
        ([52000, 48000], [0.5, 0.5]),
        ([900, 55, 45], [0.9, 0.05, 0.05]),
        ([20, 70], [0.5, 0.5]),
    ]:
        steps = sequential_posteriors(np.array([counts]), np.array(shares))
        expected = np.array(shares) * sum(counts)
        found = stats.chisquare(counts, expected)
        rows.append(
            [
                counts,
                shares,
                float(steps[-1]["log_bayes_factor"]),
                float(found.statistic),
                float(found.pvalue),
            ]
        )
    return rows


def discoveries() -> list:
    rows = []
    for size in (5, 20):
        ps = np.round(RANDOM.uniform(0, 1, size) ** 3, 6)
        keep, adjusted, *_ = multipletests(ps, 0.05, method="fdr_bh")
        rows.append([ps.tolist(), adjusted.tolist(), keep.tolist()])
    return rows


def best() -> list:
    rows = []
    for means_, errors in [([0.50, 0.54, 0.60], [0.022, 0.022, 0.022]), ([1.0, 1.1], [0.3, 0.05])]:
        chances = []
        for place, mean in enumerate(means_):

            def part(x, place=place, mean=mean, means_=means_, errors=errors):
                made = stats.norm.pdf(x, mean, errors[place])
                for other, middle in enumerate(means_):
                    if other != place:
                        made *= stats.norm.cdf(x, middle, errors[other])
                return made

            wide = 10 * errors[place]
            chances.append(
                integrate.quad(part, mean - wide, mean + wide, epsabs=1e-12, limit=500)[0]
            )
        rows.append([means_, errors, chances])
    return rows


def main() -> None:
    warnings.simplefilter("ignore")
    made = {
        "distributions": distributions(),
        "means": means(),
        "ratios": ratios(),
        "proportions": proportions(),
        "cuped": cuped(),
        "fieller": fieller(),
        "group_sequential": group_sequential(),
        "power": power(),
        "sample_ratios": sample_ratios(),
        "discoveries": discoveries(),
        "best": best(),
    }
    path = Path(__file__).with_name("reference.json")
    path.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
