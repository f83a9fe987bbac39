"""How likely so low a count is by chance: tails of the binomial and the negative binomial distribution."""

from __future__ import annotations

from math import exp, lgamma, log, log1p


def at_most(count: int, trials: int, share: float) -> float:
    """Return the probability of ``count`` successes or fewer in ``trials`` at a share between 0 and 1."""
    if count >= trials:
        return 1.0
    return min(1.0, sum(exp(_binomial(k, trials, share)) for k in range(count + 1)))


def as_few(count: int, mean: float, variance: float) -> float:
    """Return the probability of ``count`` events or fewer where so many are expected, unevenly spread.

    Counts of releases vary more than independent events do, so the distribution is the negative binomial; a
    variance below the mean is taken for the mean.
    """
    size = mean * mean / max(variance - mean, 1e-6 * mean)  # towards the Poisson distribution
    odds = log(mean) - log(size + mean)
    none = -size * log1p(mean / size)
    terms = (exp(none + lgamma(size + k) - lgamma(size) - lgamma(k + 1) + k * odds) for k in range(count + 1))
    return min(1.0, sum(terms))


def _binomial(count: int, trials: int, share: float) -> float:
    ways = lgamma(trials + 1) - lgamma(count + 1) - lgamma(trials - count + 1)
    return ways + count * log(share) + (trials - count) * log1p(-share)
