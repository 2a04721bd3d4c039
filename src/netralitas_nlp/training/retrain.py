"""From a user's labelled posts to a bundle: what ``netralitas train`` does, silently."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import numpy as np
import pandas as pd
import torch
from pydantic import Field

from netralitas_nlp.datafiles import Shape
from netralitas_nlp.errors import InputError, UsageError
from netralitas_nlp.labeled.rows import LabelledPosts
from netralitas_nlp.labeled.splits import dealt, taught
from netralitas_nlp.labels import LABELS, Label
from netralitas_nlp.model.bundle import Bundle
from netralitas_nlp.training import state
from netralitas_nlp.training.bases import Base, open_base
from netralitas_nlp.training.bundle_writer import check_place
from netralitas_nlp.training.finetune import FinetuneSettings, OnStep, finetune
from netralitas_nlp.training.replay import (
    Replay,
    frame_of,
    load_replay,
    released_posts,
    with_opinion,
)
from netralitas_nlp.training.rerelease import Material, rerelease

DEV_ROWS: Final = 400
"""Released dev posts that watch for the time to stop; all of them fit the thresholds."""

Positive = Annotated[float, Field(gt=0)]
Share = Annotated[float, Field(ge=0, lt=1)]


class TrainSettings(Shape):
    """What a TOML file for ``--config`` may hold; see ``FinetuneSettings`` for the meanings.

    Attributes:
        learning_rate: Peak; by the width of the base where it is left out.
        seed: Of everything that is drawn.
    """

    epochs: Positive = 4.0
    learning_rate: Positive | None = None
    batch_size: Annotated[int, Field(ge=1)] = 32
    gradient_accumulation: Annotated[int, Field(ge=1)] = 1
    layer_decay: Annotated[float, Field(gt=0, le=1)] = 0.95
    weight_decay: Annotated[float, Field(ge=0)] = 0.01
    warmup_share: Share = 0.06
    parent_dropout: Share = 0.3
    dropout: Share = 0.1
    patience: Annotated[int, Field(ge=0)] = 2
    bf16: bool | None = None
    seed: int = 13


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is decided before the first step.

    Attributes:
        base: What training starts from.
        posts: The user's, each with its split.
        groups: Group of each post.
        replay: Released posts that are mixed in; ``None`` without.
        settings: How to train.
    """

    base: Base
    posts: LabelledPosts
    groups: list[str]
    replay: Replay | None
    settings: FinetuneSettings


@dataclass(frozen=True, slots=True)
class Retrained:
    """What came out.

    Attributes:
        bundle: The new bundle.
        comparison: With the base (or the released bundle) on the user's test posts, as
            ``evaluation.comparison`` gives it.
        known: The same on the released test posts; ``None`` without replay.
        evaluation: What ``evaluation.json`` holds.
    """

    bundle: Bundle
    comparison: dict[str, Any]
    known: dict[str, Any] | None
    evaluation: Mapping[str, Any]


def plan(
    posts: LabelledPosts,
    *,
    base: str | Path | None = None,
    settings: TrainSettings | None = None,
    released: Path | None = None,
    replay: bool | None = None,
) -> Plan:
    """Return what would be trained, after every check that needs no training.

    Args:
        posts: Labelled posts, with splits or without.
        base: Folder, installed name, hub name; the released bundle if left out.
        settings: How to train.
        released: ``posts.csv``; that of the checkout if left out.
        replay: Mix released posts in; where left out, if they are there.

    Raises:
        InputError: The posts cannot be trained on; see ``labeled.splits.dealt``.
        BundleError: The base cannot be trained; see ``training.bases.open_base``.
        UsageError: Replay was asked for, but the released posts are not here.
    """
    said = settings or TrainSettings()
    known = ~np.isnan(posts.labels).all(axis=1)
    posts, groups = dealt(posts.take(np.flatnonzero(known)))
    opened = open_base(base)
    place = released or released_posts()
    if replay and place is None:
        raise UsageError("replay_missing")
    mixed = None
    if place is not None and replay is not False:
        mixed = load_replay(place, posts, seed=said.seed)
    if opened.bundle is None and mixed is None:
        _require_all_labels(posts)
    return Plan(opened, posts, groups, mixed, _finetune_settings(said, opened))


def retrain(
    planned: Plan,
    *,
    out: Path,
    name: str,
    resume: bool = False,
    fresh: bool = False,
    on_step: OnStep | None = None,
    tensorboard: Path | None = None,
    tell: Callable[[str], None] | None = None,
) -> Retrained | None:
    """Train, calibrate, measure, and write the bundle; return what came out.

    Under ``torchrun`` or ``accelerate launch`` every process calls this; the first one writes the
    bundle, the others return ``None``.

    Args:
        planned: From ``plan``.
        out: Folder of the bundle; holds nothing, or an earlier bundle.
        name: Of the bundle.
        resume: Go on after a kill.
        fresh: Throw an unfinished training of the same name away.
        on_step: See ``training.finetune.finetune``.
        tensorboard: Folder for TensorBoard logs.
        tell: Told what begins: ``train``, ``export``, ``figures``, ``compare``.

    Raises:
        RunError: An unfinished training is in the way, or is another one.
        UsageError: ``out`` holds something else than a bundle.
    """
    say = tell or (lambda _: None)
    first = int(os.environ.get("RANK", "0")) == 0
    try:
        check_place(out)
    except FileExistsError as error:
        raise UsageError("train_out", folder=out, reason=error) from None
    started = state.begin(out, _facts(planned), resume=resume, fresh=fresh, first=first)
    say("train")
    train, dev = _frames(planned)
    model = finetune(
        train,
        dev,
        base=planned.base.folder,
        out=started.checkpoints,
        tokenizer=planned.base.tokenizer,
        normalizer=planned.base.normalizer,
        settings=planned.settings,
        resume=started.going_on,
        on_step=on_step,
        tensorboard=tensorboard if first else None,
    )
    if torch.distributed.is_initialized():
        torch.distributed.destroy_process_group()
    if not first:
        return None
    material = Material(planned.base, planned.posts, planned.groups, planned.replay, len(train))
    made, comparison, known = rerelease(
        model.cpu(),
        material,
        out=out,
        scratch=started.folder,
        name=name,
        settings=planned.settings,
        tell=say,
    )
    started.remove()
    return Retrained(made, comparison, known, made.evaluation or {})


def _finetune_settings(said: TrainSettings, base: Base) -> FinetuneSettings:
    values = said.model_dump()
    values["learning_rate"] = said.learning_rate or base.learning_rate
    return FinetuneSettings(
        **values,
        max_tokens=base.windows.max_tokens,
        max_parent_tokens=base.windows.max_parent_tokens,
    )


def _require_all_labels(posts: LabelledPosts) -> None:
    """Raise where an encoder without a classifier would never see one of the labels."""
    known = taught(posts)
    lacking: list[Label] = [label for label in LABELS if label not in known]
    if lacking:
        raise InputError("train_label_untaught", file=posts.file, labels=", ".join(lacking))


def _frames(planned: Plan) -> tuple[pd.DataFrame, pd.DataFrame]:
    train, dev = (
        frame_of(planned.posts, planned.groups, split=split) for split in ("train", "dev")
    )
    if planned.replay is None:
        return train, dev
    replayed = planned.replay.train
    if planned.base.bundle is not None:
        replayed = with_opinion(replayed, planned.base.bundle)
    some = planned.replay.dev
    some = some.sample(min(DEV_ROWS, len(some)), random_state=planned.settings.seed)
    both = [(train, replayed), (dev, some)]
    columns = ["text", "parent_text", "weight", *LABELS]
    one, other = (pd.concat([a[columns], b[columns]], ignore_index=True) for a, b in both)
    return one, other


def _facts(planned: Plan) -> dict[str, Any]:
    base = planned.base
    return {
        "data": state.digest_of(planned.posts),
        "base": base.bundle.digest if base.bundle else f"{base.name} {base.folder.resolve()}",
        "settings": {
            key: getattr(planned.settings, key) for key in planned.settings.__dataclass_fields__
        },
        "replay": 0 if planned.replay is None else len(planned.replay.train),
    }


def with_seed(settings: TrainSettings, seed: int | None) -> TrainSettings:
    """Return the settings with another seed."""
    return settings if seed is None else settings.model_copy(update={"seed": seed})
