# Every command of this project. `make help` lists them; each says on --help what else it takes.

ORDERS     ?= 10000
CONTENDERS ?= spin-ts express-ts
SEED       ?= 1
BLOBS      ?= local
MALFORMED  ?= 0

BENCH := node bench/dist/main.js
RIG   := node bench/dist/rig-main.js

.DEFAULT_GOAL := help
.PHONY: help setup build tools bench contenders test lint format rig-up rig-down rig-status rig-logs doctor clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  Variables: ORDERS=$(ORDERS) CONTENDERS=\"$(CONTENDERS)\" SEED=$(SEED) BLOBS=$(BLOBS) (or azurite) MALFORMED=$(MALFORMED)"

setup: node_modules/.package-lock.json ## install the npm packages of the lockfile

node_modules/.package-lock.json: package-lock.json
	@command -v node >/dev/null || { echo "error: Node.js is missing: install Node.js 20 or newer" >&2; exit 2; }
	@node -e 'if (parseInt(process.versions.node) < 20) { console.error("error: Node.js " + process.version + " is too old: install 20 or newer"); process.exit(2) }'
	@echo "installing npm packages (about a minute, once)"
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@

build: setup ## compile the TypeScript of all workspaces
	@npm run --silent build

tools: build ## find or build daprd and the Spin host, and build every contender
	@$(BENCH) build

bench: build ## 10,000 orders through each contender: results/, and a table
	@$(BENCH) run --orders $(ORDERS) --contenders $(CONTENDERS) --seed $(SEED) --blobs $(BLOBS) --malformed $(MALFORMED)

contenders: build ## list the contenders
	@$(BENCH) contenders

test: tools ## run every test
	@npx vitest run
	@if command -v cargo >/dev/null; then \
	  cd local/spin-host && CARGO_TARGET_DIR="$$(node ../../bench/dist/main.js cache-dir)/tools/spin-host-target" cargo test --release --locked --quiet; \
	else echo "no Rust here: the tests of local/spin-host were not run"; fi

lint: build ## check format, lint rules and types
	@npx biome check .

format: setup ## rewrite all files in the project's format
	@npx biome check --write .

rig-up: build ## start the rig with the first of CONTENDERS in the background, for trying things by hand
	@$(RIG) up --detach $(firstword $(CONTENDERS))

rig-down: build ## stop what runs in this checkout
	@$(RIG) down

rig-status: build ## what runs in this checkout
	@$(RIG) status

rig-logs: build ## follow the logs of the running rig
	@$(RIG) logs --follow

doctor: build ## check this machine and say what to fix
	@$(RIG) doctor

clean: ## remove what was built in this checkout (not results/, not the tools in the user's cache folder)
	@rm -rf .rig apps/*/dist generator/dist local/*/dist bench/dist
	@find . -name '*.tsbuildinfo' -not -path './node_modules/*' -delete
