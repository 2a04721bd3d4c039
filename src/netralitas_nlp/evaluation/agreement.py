"""How far annotators who did not see each other's votes agree."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from netralitas_nlp.evaluation.metrics import Interval, cluster_bootstrap

Votes = npt.NDArray[np.float64]


def krippendorff_alpha(votes: Votes) -> float:
    """Return Krippendorff's alpha for nominal data.

    1 is perfect agreement, 0 what chance gives, below 0 systematic disagreement
    (Krippendorff 2011, Computing Krippendorff's Alpha-Reliability).

    Args:
        votes: Shape (units, annotators); NaN where an annotator did not vote. Units with fewer
            than two votes do not count.

    Returns:
        NaN where no unit has two votes, 1.0 where all votes are the same value: nothing varies,
        so nothing could be disagreed on.
    """
    known = ~np.isnan(votes)
    votes, known = votes[known.sum(1) > 1], known[known.sum(1) > 1]
    if not len(votes):
        return float("nan")
    values = np.unique(votes[known])
    counts = np.stack([((votes == value) & known).sum(1) for value in values], axis=1)
    per_unit = counts.sum(1)
    agreeing = (counts * (counts - 1)).sum(1) / (per_unit - 1)
    total = per_unit.sum()
    observed = 1 - agreeing.sum() / total
    of_value = counts.sum(0)
    expected = 1 - (of_value * (of_value - 1)).sum() / (total * (total - 1))
    return 1.0 if expected == 0 else float(1 - observed / expected)


def alpha_interval(
    votes: Votes, groups: Sequence[str], *, repeats: int = 1000, level: float = 0.95, seed: int = 0
) -> Interval:
    """Return alpha with a bootstrap interval that draws whole groups.

    Args:
        votes: As for ``krippendorff_alpha``.
        groups: Cluster of each unit: contrast pairs and related scenarios stay together.
        repeats: Bootstrap samples.
        level: Confidence of the interval.
        seed: The same arguments give the same interval.
    """
    return cluster_bootstrap(
        krippendorff_alpha,
        votes,
        groups=np.asarray(groups),
        repeats=repeats,
        confidence=level,
        seed=seed,
    )
