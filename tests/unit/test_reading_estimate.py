"""The estimate grows with the work, shrinks with the processes, and memory stays flat."""

from hypothesis import given
from hypothesis import strategies as st

from netralitas_nlp.io.estimate import estimate

COUNTS = st.integers(min_value=0, max_value=10**7)


@given(COUNTS, st.integers(min_value=1, max_value=16))
def test_more_posts_take_longer_and_no_more_memory(texts: int, jobs: int) -> None:
    small = estimate(n_records=texts, n_texts=texts, n_characters=texts * 100, jobs=jobs)
    large = estimate(n_records=texts * 2, n_texts=texts * 2, n_characters=texts * 200, jobs=jobs)
    assert 1 <= small.seconds <= large.seconds
    assert small.memory_mb == large.memory_mb


def test_more_processes_are_faster_and_need_more_memory() -> None:
    one = estimate(n_records=10**6, n_texts=10**6, n_characters=10**8, jobs=1)
    four = estimate(n_records=10**6, n_texts=10**6, n_characters=10**8, jobs=4)
    assert four.seconds < one.seconds / 2
    assert four.memory_mb > one.memory_mb
