"""Which number format scores how fast, how exactly, and what it loses.

    python benchmarks/precision.py --bundle model --out benchmarks/precision.md

Every form is made from the same weights (``model.safetensors`` of a bundle) and judged on the test
posts of ``data/labeled/posts.csv`` with the calibration and the thresholds of that bundle, which
are the same for all forms. "Alone" is one post in a call at its own length; "grouped" is up to 32
posts of exactly the same length. Speed is counted in processor seconds on one thread, the forms
taking turns, and told as the median of the ratios to the first form; other work on the machine
disturbs it little. "Same in groups" counts posts whose logits are bit for bit those of the post
alone, in shuffled groups of any size. OpenVINO is measured where it is installed.
"""

import argparse
import importlib.util
import platform
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
from onnxruntime import quantization
from transformers import BertForSequenceClassification

from netralitas_nlp.calibration import apply
from netralitas_nlp.labels import LABELS
from netralitas_nlp.model.bundle import Bundle
from netralitas_nlp.model.tokenizer import PostTokenizer, Window
from netralitas_nlp.text.normalize import Normalizer
from netralitas_nlp.training.dataset import load_constructed
from netralitas_nlp.training.export import export_onnx
from netralitas_nlp.training.graph import CONTRIB, Drawing, Linear, Shape, bert_graph, plain_linear
from netralitas_nlp.training.int8 import int8_linear, round_weight
from netralitas_nlp.training.precision import rounding

ROWS = 32
Run = Callable[[dict], np.ndarray]


@dataclass
class Form:
    """One way to compute the model."""

    name: str
    graph: bytes
    open: Callable[[bytes], Run]
    seconds: dict[str, list[float]] = field(default_factory=lambda: {"alone": [], "grouped": []})
    opened: list[float] = field(default_factory=list)
    same: float = 1.0

    def start(self) -> None:
        self.run = self.open(self.graph)


def main() -> None:
    args = arguments()
    bundle = Bundle.from_folder(args.bundle)
    posts = load_constructed(args.posts)
    test, train = (posts[posts["split"] == split] for split in ("test", "train"))
    windows = first_windows(bundle, test)
    taught = first_windows(bundle, train.sample(args.calibrate, random_state=0))
    with tempfile.TemporaryDirectory() as folder:
        forms = make_forms(bundle, taught, Path(folder))
    for form in forms:
        for _ in range(args.rounds):
            began = time.process_time()
            form.start()
            form.run(feed([windows[0]]))
            form.opened.append(time.process_time() - began)
    draw = np.random.default_rng(0)
    timed = [windows[i] for i in draw.choice(len(windows), args.timed, replace=False)]
    for form in forms:  # Every shape once: some compile what they meet.
        alone(form.run, timed)
        grouped(form.run, timed)
    for _ in range(args.rounds):
        for form in forms:
            for way, call in (("alone", alone), ("grouped", grouped)):
                began = time.process_time()
                call(form.run, timed)
                form.seconds[way].append(time.process_time() - began)
    logits = {}
    for form in forms:
        logits[form.name] = alone(form.run, windows)
        form.same = same_in_groups(form.run, windows, logits[form.name], args.shuffles)
    text = page(forms, logits, bundle, test[list(LABELS)].to_numpy(dtype=float), timed, args)
    print(text)
    if args.out:
        args.out.write_text(text, encoding="utf-8")


def make_forms(bundle: Bundle, taught: list[Window], folder: Path) -> list[Form]:
    model = BertForSequenceClassification.from_pretrained(bundle.folder).eval()
    weights = {name: value.float().numpy() for name, value in model.state_dict().items()}
    shape = Shape.of(model.config)
    whole, dynamic, static = (folder / f"{name}.onnx" for name in ("whole", "dynamic", "static"))
    export_onnx(model, whole)
    plain = folder / "plain.onnx"
    # The tools look for weights and find none behind the casts from fp16.
    ort_saved(whole, plain)
    given = {"per_channel": True, "op_types_to_quantize": ["MatMul"]}
    quantization.quantize_dynamic(
        plain, dynamic, weight_type=quantization.QuantType.QInt8,
        extra_options={"MatMulConstBOnly": True}, **given,
    )  # fmt: skip
    quantization.quantize_static(
        plain, static, Reader(taught), weight_type=quantization.QuantType.QInt8,
        activation_type=quantization.QuantType.QUInt8,
        extra_options={
            "MatMulConstBOnly": True, "OpTypesToExcludeOutputQuantization": ["MatMul"],
        }, **given,
    )  # fmt: skip

    def drawn(linear: Linear) -> bytes:
        return bert_graph(weights, shape, linear=linear, batch="batch").SerializeToString()

    ranges = measured_ranges(weights, shape, taught)
    forms = [
        Form("fp32, as exporters write it", whole.read_bytes(), onnxruntime),
        Form("fp32, drawn for one post", drawn(plain_linear), onnxruntime),
        Form("fp16 weights, fp32 arithmetic", drawn(fp16_weights), onnxruntime),
        Form("int8 weights, fp32 arithmetic", drawn(int8_weights), onnxruntime),
        Form("int8 weights, int8 per row (MatMulNBits)", drawn(row_int8), onnxruntime),
        Form("dynamic int8, ONNX Runtime's tool", dynamic.read_bytes(), onnxruntime),
        Form(
            "dynamic int8, drawn, 8-bit weights",
            drawn(partial(int8_linear, largest=127)),
            onnxruntime,
        ),
        Form("**dynamic int8, drawn, 7-bit weights**", drawn(int8_linear), onnxruntime),
        Form("static int8 (QDQ), ONNX Runtime's tool", static.read_bytes(), onnxruntime),
        Form("static int8, drawn", drawn(static_int8(ranges)), onnxruntime),
    ]
    if importlib.util.find_spec("openvino"):
        forms += [
            Form("fp32, OpenVINO", whole.read_bytes(), openvino("f32")),
            Form("bf16, OpenVINO", whole.read_bytes(), openvino("bf16")),
            Form("static int8 (QDQ), OpenVINO", static.read_bytes(), openvino("f32")),
        ]
    return forms


def fp16_weights(draw: Drawing, name: str, x: str, weight: np.ndarray, bias: np.ndarray) -> str:
    halves = draw.constant(f"{name}.weight", weight.astype(np.float16))
    product = draw.node("MatMul", x, draw.node("Cast", halves, to=onnx.TensorProto.FLOAT))
    return draw.node("Add", product, draw.constant(f"{name}.bias", bias))


def int8_weights(draw: Drawing, name: str, x: str, weight: np.ndarray, bias: np.ndarray) -> str:
    rounded, scale = round_weight(weight, largest=127)
    whole = draw.node(
        "DequantizeLinear",
        draw.constant(f"{name}.weight", rounded),
        draw.constant(f"{name}.scale", scale),
        axis=1,
    )
    return draw.node("Add", draw.node("MatMul", x, whole), draw.constant(f"{name}.bias", bias))


def row_int8(draw: Drawing, name: str, x: str, weight: np.ndarray, bias: np.ndarray) -> str:
    """Every row of activations has scales of its own, one per block of 64 values."""
    block = 64
    rows, columns = weight.shape
    blocks = weight.T.reshape(columns, rows // block, block)
    scale = np.abs(blocks).max(axis=2) / 127
    rounded = np.rint(blocks / scale[..., None]) + 128
    return draw.node(
        "MatMulNBits", x,
        draw.constant(f"{name}.weight", rounded.astype(np.uint8)),
        draw.constant(f"{name}.scale", scale.astype(np.float32).reshape(-1)),
        "", "", draw.constant(f"{name}.bias", bias),
        domain=CONTRIB, K=rows, N=columns, bits=8, block_size=block, accuracy_level=4,
    )  # fmt: skip


def static_int8(ranges: dict[str, tuple[float, float]]) -> Linear:
    def linear(draw: Drawing, name: str, x: str, weight: np.ndarray, bias: np.ndarray) -> str:
        rounded, scale = round_weight(weight)
        low, high = ranges[name]
        step = (high - low) / 255
        steps = draw.constant(f"{name}.step", np.float32(step))
        shift = draw.constant(f"{name}.shift", np.uint8(round(-low / step)))
        return draw.node(
            "MatMulIntegerToFloat",
            draw.node("QuantizeLinear", x, steps, shift),
            draw.constant(f"{name}.weight", rounded), steps,
            draw.constant(f"{name}.scale", scale), shift,
            draw.constant("no_shift", np.int8(0)), draw.constant(f"{name}.bias", bias),
            domain=CONTRIB,
        )  # fmt: skip

    return linear


def measured_ranges(
    weights: dict[str, np.ndarray], shape: Shape, taught: list[Window]
) -> dict[str, tuple[float, float]]:
    """Return the smallest and the largest value that enters each linear layer."""
    inputs: dict[str, str] = {}

    def linear(draw: Drawing, name: str, x: str, weight: np.ndarray, bias: np.ndarray) -> str:
        inputs[name] = x
        return plain_linear(draw, name, x, weight, bias)

    graph = bert_graph(weights, shape, linear=linear)
    names = sorted(set(inputs.values()))
    for name in names:
        graph.graph.output.append(onnx.helper.make_tensor_value_info(name, 1, None))
    session = ort.InferenceSession(graph.SerializeToString(), one_thread())
    low, high = dict.fromkeys(names, 0.0), dict.fromkeys(names, 0.0)
    for window in taught:
        for name, value in zip(names, session.run(names, feed([window])), strict=True):
            low[name] = min(low[name], float(value.min()))
            high[name] = max(high[name], float(value.max()))
    return {layer: (low[name], high[name]) for layer, name in inputs.items()}


class Reader(quantization.CalibrationDataReader):
    """Posts from which ONNX Runtime's tool takes its ranges."""

    def __init__(self, windows: list[Window]) -> None:
        self._left = iter(windows)

    def get_next(self) -> dict | None:
        window = next(self._left, None)
        return None if window is None else feed([window]) | mask(1, len(window.ids))


def ort_saved(path: Path, to: Path) -> None:
    options = one_thread()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.optimized_model_filepath = str(to)
    ort.InferenceSession(str(path), options)
    folded = onnx.load(str(to))
    del folded.graph.value_info[:]  # The shapes it writes down are not always those it has.
    onnx.save(folded, str(to))


def one_thread() -> ort.SessionOptions:
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_mem_pattern = False
    options.log_severity_level = 4
    return options


def onnxruntime(graph: bytes) -> Run:
    session = ort.InferenceSession(graph, one_thread(), providers=["CPUExecutionProvider"])
    masked = "attention_mask" in {one.name for one in session.get_inputs()}

    def run(inputs: dict) -> np.ndarray:
        given = inputs | mask(*inputs["input_ids"].shape) if masked else inputs
        return session.run(["logits"], given)[0]

    return run


def openvino(precision: str) -> Callable[[bytes], Run]:
    def start(graph: bytes) -> Run:
        import openvino

        core = openvino.Core()
        settings = {
            "INFERENCE_NUM_THREADS": 1, "NUM_STREAMS": 1, "INFERENCE_PRECISION_HINT": precision,
        }  # fmt: skip
        compiled = core.compile_model(core.read_model(model=graph), "CPU", settings)
        request = compiled.create_infer_request()

        def run(inputs: dict) -> np.ndarray:
            return request.infer(inputs | mask(*inputs["input_ids"].shape))[0].copy()

        return run

    return start


def feed(windows: list[Window]) -> dict:
    return {
        "input_ids": np.stack([window.ids for window in windows]),
        "token_type_ids": np.stack([window.type_ids for window in windows]),
    }


def mask(rows: int, length: int) -> dict:
    return {"attention_mask": np.ones((rows, length), np.int64)}


def first_windows(bundle: Bundle, posts: object) -> list[Window]:
    normalize = Normalizer.from_settings(bundle.normalizer or {})
    tokenize = PostTokenizer.from_folder(bundle.folder, bundle.windows)
    return [
        tokenize(normalize(text), normalize(parent) if parent else None).windows[0]
        for text, parent in zip(posts["text"], posts["parent_text"], strict=True)
    ]


def alone(run: Run, windows: list[Window]) -> np.ndarray:
    return np.concatenate([run(feed([window])) for window in windows])


def grouped(run: Run, windows: list[Window], rows: int = ROWS) -> np.ndarray:
    found = np.empty((len(windows), len(LABELS)), np.float32)
    waiting: dict[int, list[int]] = {}
    for i, window in enumerate(windows):
        waiting.setdefault(len(window.ids), []).append(i)
    for places in waiting.values():
        for start in range(0, len(places), rows):
            some = places[start : start + rows]
            found[some] = run(feed([windows[i] for i in some]))
    return found


def same_in_groups(run: Run, windows: list[Window], wanted: np.ndarray, shuffles: int) -> float:
    draw = np.random.default_rng(1)
    same = []
    for _ in range(shuffles):
        order = draw.permutation(len(windows))
        found = grouped(run, [windows[i] for i in order], rows=int(draw.integers(2, 65)))
        same.append((found == wanted[order]).all(axis=1).mean())
    return float(np.mean(same))


def scores(bundle: Bundle, logits: np.ndarray) -> np.ndarray:
    lines = [bundle.calibration[label] for label in LABELS]
    return np.column_stack([apply(logits[:, j], line.a, line.b) for j, line in enumerate(lines)])


def page(
    forms: list[Form],
    logits: dict[str, np.ndarray],
    bundle: Bundle,
    truth: np.ndarray,
    timed: list[Window],
    args: argparse.Namespace,
) -> str:
    first = forms[0]
    rows = []
    for form in forms:
        whole, found = (scores(bundle, logits[one.name]) for one in (first, form))
        lost = rounding(whole, found, truth, bundle.operating_points["balanced"])
        cells = [form.name, f"{len(form.graph) / 1e6:.1f}", f"{1e3 * np.median(form.opened):.0f}"]
        for way in ("alone", "grouped"):
            ratio = np.median(np.array(first.seconds["alone"]) / np.array(form.seconds[way]))
            speed = len(timed) / np.median(form.seconds[way])
            cells += [f"{speed:,.0f}", f"{ratio:.2f}"]
        cells += [
            "all" if form.same == 1 else f"{100 * form.same:.1f} %",
            f"{100 * lost.average_precision_lost:.2f}", f"{100 * lost.f1_lost:.2f}",
            str(lost.decisions), f"{lost.largest_shift:.4f}",
        ]  # fmt: skip
        rows.append(cells)
    heads = [
        "form", "MB", "opens in ms", "alone: posts per CPU second", "×", "grouped: posts", "×",
        "same in groups", "AP lost", "F1 lost", "decisions", "largest shift",
    ]  # fmt: skip
    mean = np.mean([len(window.ids) for window in timed])
    return "\n".join(
        [
            "# Number formats",
            "",
            f"Written by `benchmarks/precision.py`: `{bundle.name}`, {len(truth):,} test posts, of "
            f"which {len(timed)} timed ({mean:.0f} word pieces on average), {args.rounds} rounds, "
            f"static ranges from {args.calibrate} training posts, one thread, onnxruntime "
            f"{ort.__version__}, {platform.machine()}, Python {platform.python_version()}.",
            "Losses in points of a hundred against the first row; × is the median ratio to its "
            "speed alone; \"decisions\" are posts decided otherwise at `balanced`; a shift is of a "
            "calibrated score.",
            "",
            "| " + " | ".join(heads) + " |",
            "|---|" + "---:|" * (len(heads) - 1),
            *("| " + " | ".join(row) + " |" for row in rows),
            "",
            args.notes.read_text("utf-8").strip() if args.notes.is_file() else "",
        ]
    ).rstrip() + "\n"  # fmt: skip


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--bundle", type=Path, default=Path("model"))
    parser.add_argument("--posts", type=Path, default=Path("data/labeled/posts.csv"))
    parser.add_argument("--out", type=Path, help="Markdown page to write")
    parser.add_argument(
        "--notes", type=Path, default=Path(__file__).with_name("precision_notes.md"),
        help="what is said below the table",
    )  # fmt: skip
    parser.add_argument("--calibrate", type=int, default=400, help="posts for static ranges")
    parser.add_argument("--timed", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--shuffles", type=int, default=4)
    return parser.parse_args()


if __name__ == "__main__":
    main()
