"""Scores with the fake scorer in a process of its own, so that a test can kill it.

Usage: python scoring_driver.py OUT JOBS ROWS_PER_PART DELAY FORMATS INPUT...
"""

import sys
from functools import partial

from fake_scorer import HashScorer

from netralitas_nlp.errors import NetralitasError
from netralitas_nlp.scoring.pipeline import score_files


def main() -> int:
    out, jobs, rows_per_part, delay, formats, *inputs = sys.argv[1:]
    try:
        score_files(
            inputs,
            out=out,
            jobs=int(jobs),
            rows_per_part=int(rows_per_part),
            formats=formats.split(","),
            make_scorer=partial(HashScorer, delay=float(delay)),
            progress=lambda moment: print(moment.stage, moment.done, flush=True),
        )
    except NetralitasError as error:
        print(error.code, error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
