"""A process that judges posts and says so after each: ``review_worker.py STORE NAME MOST``."""

import sys
from pathlib import Path

from netralitas_nlp.labels import LABELS
from netralitas_nlp.review.judging import record
from netralitas_nlp.review.queue import next_post
from netralitas_nlp.review.store import ReviewStore


def main(path: str, name: str, most: int) -> None:
    with ReviewStore.open(Path(path), create=False) as store:
        print("ready", flush=True)
        for _ in range(most):
            queued = next_post(store, reviewer=name, order="likely", below=True)
            if queued is None:
                break
            rows = record(store, queued.row_id, dict.fromkeys(LABELS, "no"), reviewer=name)
            # Said only once it is on the disk: from here on it must never be lost.
            print(queued.row_id, rows[-1].seq, rows[-1].hash, flush=True)
    print("done", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
