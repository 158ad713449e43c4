# `make demo` (`make demo ARGS='--lang en'`), `make test`, `make bench` (`make bench ARGS=--quick`;
# families against the truth: `.venv/bin/python -m benchmarks.families`). Each makes its own environment first.
PYTHON ?= $(shell for one in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$one -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$one && break; done)
VENV := .venv
BIN := $(VENV)/bin
# What the environment for tests holds besides the package: `make test DEV=dev,spark` tests on a Spark cluster too.
DEV := dev
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check --retries 5 --timeout 60
NO_PACKAGES = { echo "The packages could not be installed: see the lines above. If the package registry did not answer, call make again. \
	没有装上所需的包，原因见上；如果是软件源没有响应，请重新执行 make。" >&2; exit 1; }

.PHONY: demo test bench clean

$(VENV)/.user: pyproject.toml
	@$(or $(PYTHON),false) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Basekeep needs Python 3.11 or later: make PYTHON=/path/to/python3 ... 需要 Python 3.11 或更高版本。" >&2; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV) || \
		{ echo "No environment could be made in $(VENV); on Debian and Ubuntu install python3-venv. 建不了 $(VENV)，Debian、Ubuntu 请先安装 python3-venv。" >&2; exit 1; }
	@echo "Setting up $(VENV), once; it takes a minute or so. 正在准备 $(VENV)，只需一次，约一分钟。"
	@$(PIP) -e . || $(NO_PACKAGES)
	@touch $@

$(VENV)/.dev: $(VENV)/.user
	@$(PIP) -e '.[$(DEV)]' || $(NO_PACKAGES)
	@touch $@

$(VENV)/.bench: $(VENV)/.user
	@$(PIP) -e '.[bench]' || $(NO_PACKAGES)
	@touch $@

demo: $(VENV)/.user
	@$(BIN)/basekeep demo --no-serve $(ARGS)

test: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n 2 --dist loadgroup

bench: $(VENV)/.bench
	@$(BIN)/python -m benchmarks $(ARGS)

clean:
	rm -rf $(VENV) demo bench
