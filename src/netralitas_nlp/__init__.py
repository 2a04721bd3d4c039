"""Flag posts of Indonesian civil servants that may break their neutrality pledge.

``Scorer`` scores texts and files; a human decides what a score means.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netralitas_nlp.explain import Explanation
    from netralitas_nlp.labels import LABELS
    from netralitas_nlp.predictor import Scorer
    from netralitas_nlp.schema import Prediction

__version__ = "0.1.0"
__all__ = ["LABELS", "Explanation", "Prediction", "Scorer", "__version__"]

_HOMES = {
    "LABELS": "labels",
    "Explanation": "explain",
    "Prediction": "schema",
    "Scorer": "predictor",
}


def __getattr__(name: str) -> object:
    """Load public names when they are first asked for, so that the import stays cheap."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
