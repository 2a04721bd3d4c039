"""Protocols: an encoder is fine-tuned once per fold and judged on what that fold never saw."""

from pathlib import Path
from typing import Any, Final

PROTOCOLS: Final = ("hs1", "unseen-election", "unseen-candidate", "unseen-hoaxes")


def run_protocol(
    name: str, data: Path, base: Path, *, own: Path, relabel: Path, out: Path
) -> dict[str, Any]:
    """Return the figures of a protocol, ready for JSON.

    Args:
        name: One of ``PROTOCOLS``.
        data: Folder of the public sets.
        base: Encoder with ``tokenizer.json`` and ``normalizer.json``; one that has seen labels
            makes the figures worthless.
        own: Posts written for the project.
        relabel: Our labels of real posts.
        out: Where training keeps its state.

    Raises:
        InputError: A file is missing or lacks a column.
        ModuleNotFoundError: The extra ``[train]`` is not installed.
        ValueError: There is no such protocol.
    """
    if name == "hs1":
        from netralitas_nlp.evaluation.protocols.hs1 import hs1

        return hs1(data, base, out=out)
    from netralitas_nlp.evaluation.protocols import hoax, support

    run = {
        "unseen-election": support.unseen_election,
        "unseen-candidate": support.unseen_candidate,
        "unseen-hoaxes": hoax.unseen_hoaxes,
    }.get(name)
    if run is None:
        raise ValueError(f"no protocol {name}")
    return run(data, base, own=own, relabel=relabel, out=out)
