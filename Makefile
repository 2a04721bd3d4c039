# Two commands do everything on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
DEMO   := demo
BASE   ?= work/encoder

.PHONY: demo test lint types data unit browser bench notebooks reproduce clean

demo: $(VENV)/base.done
	$(BIN)/netralitas score data/examples/tweet-harvest.csv data/examples/pantauan-facebook.xlsx --out $(DEMO) --format csv,xlsx,parquet --fresh

test: $(VENV)/dev.done browser lint types data unit

lint: $(VENV)/dev.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(VENV)/dev.done
	$(BIN)/mypy

data: $(VENV)/dev.done
	$(BIN)/netralitas data check data

unit: $(VENV)/dev.done
	$(BIN)/python -m pytest -n 2 --dist loadgroup

# The page is tested in a real browser. Debian's Chromium is installed where we may; elsewhere
# those tests say that they were skipped.
browser:
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || { \
	  command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ] && { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-noto-color-emoji >/dev/null; }; } || \
	  echo "No Chromium and no right to install one: the browser tests will be skipped."

# From the first cell to the last; the files stay without outputs.
notebooks: $(VENV)/dev.done
	cd notebooks && ../$(BIN)/jupyter-execute *.ipynb

bench: $(VENV)/dev.done
	$(BIN)/python benchmarks/batch_invariance.py

# From a pretrained encoder (BASE, train/pretrain.py makes one) to a released bundle: two teachers, one student, its
# figures and its card, in work/model. DATA is the folder with corpus/ and labeled/.
reproduce: $(VENV)/dev.done
	@test -n "$(DATA)" || { echo "Say where the data lies: make reproduce DATA=folder (with corpus/ and labeled/)"; exit 2; }
	$(BIN)/python train/finetune.py --data $(DATA) --base $(BASE) --out work/t-public
	$(BIN)/python train/finetune.py --data $(DATA) --base $(BASE) --out work/t-own --config train/finetune-own.toml --seed 29
	$(BIN)/python train/distil.py --data $(DATA) --base $(BASE) --teachers work/t-public work/t-own --out work/student
	$(BIN)/python train/release.py --data $(DATA) --model work/student --pretrained $(BASE) --out work/model

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/base.done: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	touch $@

$(VENV)/dev.done: $(VENV)/base.done
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $@

clean:
	rm -rf $(VENV) $(DEMO) .pytest_cache .mypy_cache .ruff_cache .hypothesis
