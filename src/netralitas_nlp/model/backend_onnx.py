"""Logits from ONNX Runtime, one window at a time."""

from pathlib import Path
from typing import Final

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from netralitas_nlp.errors import BundleError
from netralitas_nlp.model.bundle import ONNX_FILE, Bundle
from netralitas_nlp.model.tokenizer import Window

_INPUTS: Final = frozenset({"input_ids", "token_type_ids"})
_MASK: Final = "attention_mask"
"""Graphs in fp32, which could take several padded windows, ask for it."""


class OnnxBackend:
    """Runs ``model.onnx`` of a bundle.

    A window is computed alone, at its own length, on one thread: every number that enters the
    arithmetic, and its order, is then a function of the post, so batch, neighbours, padding and
    process count cannot move a score. That holds for graphs in int8 as well, whose activations are
    scaled by the largest of the window, and of no other: such a graph takes one window only.
    ``benchmarks/batch_invariance.py`` and ``benchmarks/precision.py`` show what it costs.

    Args:
        bundle: Which model.

    Raises:
        BundleError: ``model.onnx`` is missing, damaged, or has other inputs or outputs.
    """

    def __init__(self, bundle: Bundle) -> None:
        if not bundle.has_onnx:
            raise BundleError("bundle_needs_torch", folder=bundle.folder)
        self._session = _open(bundle.folder / ONNX_FILE)
        names = {value.name for value in self._session.get_inputs()}
        outputs = {value.name: value.shape for value in self._session.get_outputs()}
        self._masked = _MASK in names
        if names - {_MASK} != _INPUTS or outputs.get("logits", [None])[-1] != len(bundle.labels):
            problem = f"inputs {sorted(names)}, outputs {outputs}"
            raise _broken(bundle.folder / ONNX_FILE, problem)

    def logits(self, window: Window) -> NDArray[np.float32]:
        """Return the logits of one window, shape (labels,). Safe to call from several threads."""
        ids = window.ids[np.newaxis]
        feed = {"input_ids": ids, "token_type_ids": window.type_ids[np.newaxis]}
        if self._masked:
            feed[_MASK] = np.ones_like(ids)
        result: NDArray[np.float32] = self._session.run(["logits"], feed)[0][0]
        return result


def _open(path: Path) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    # A memory pattern is kept per shape, and posts come in as many shapes as lengths.
    options.enable_mem_pattern = False
    options.log_severity_level = 4
    try:
        # From bytes, so that the graph cannot point at files outside of itself.
        return ort.InferenceSession(
            path.read_bytes(), sess_options=options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # onnxruntime raises its own classes, all derived from Exception
        raise _broken(path, error) from None


def _broken(path: Path, problem: object) -> BundleError:
    return BundleError("bundle_onnx_broken", folder=path.parent, file=path.name, problem=problem)
