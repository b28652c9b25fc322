# Two commands do everything on a fresh Debian 12: `make run` and `make test`.
SHELL := /bin/bash
BUILD := build/dev
export PATH := $(CURDIR)/.cache/node/node_modules/.bin:$(PATH)
JOBS ?= $(shell nproc)
PORT ?= 8080

.PHONY: run test build bench format clean setup terminal program check-format

run: build  ## Build and start with the demo feed; PORT=8080 by default
	ASTROLABE_EXCHANGE_SIMULATED_TRADERS=auto build/astrolabe serve --feed demo --listen 127.0.0.1:$(PORT)

test: build  ## Every test: units, integration, fuzz corpora, terminal, browser
	ctest --test-dir $(BUILD) --output-on-failure -j $(JOBS)

build: program terminal  ## Leaves the program at build/astrolabe and the terminal in web/dist

setup:  ## Install what building needs (idempotent)
	@scripts/setup

program: setup
	@test -f $(BUILD)/build.ninja || cmake --preset dev
	cmake --build --preset dev -j $(JOBS)
	@ln -sf dev/src/server/cli/astrolabe build/astrolabe

terminal: setup
	@scripts/build-terminal

bench: setup terminal  ## Benchmarks, one JSON object a line; figures beside their limits
	@cmake --preset release >/dev/null
	cmake --build --preset release -j $(JOBS)
	@bench/run build/release

format:  ## clang-format 19 over all C++
	git ls-files '*.cpp' '*.hpp' | xargs clang-format-19 -i

clean:
	rm -rf build web/dist
