# Every command of this project. `make help` lists them; each says on --help what else it takes.

ORDERS     ?= 10000
CONTENDERS ?= spin-ts express-ts
SEED       ?= 1
BLOBS      ?= local
MALFORMED  ?= 0
VARY       ?= handlers=4,8,16,32
TEST       ?= smoke
SEEDS      ?= 1-20
REGION     ?= westeurope

BENCH := node bench/dist/main.js
RIG   := node bench/dist/rig-main.js
# Not by npx, which would run the tests on the Node that the contenders run on (node_modules/.bin/node).
VITEST := node node_modules/vitest/vitest.mjs run
# What the user gave alone: the commands have defaults of their own.
GIVEN_RUNS       := $(if $(filter command environment,$(firstword $(origin RUNS))),--runs $(RUNS))
GIVEN_WARM_UP    := $(if $(WARM_UP),--warm-up $(WARM_UP))
GIVEN_CONTENDERS := $(if $(filter command environment,$(firstword $(origin CONTENDERS))),--contenders $(CONTENDERS))
GIVEN_LIVE       := $(if $(LIVE),--live $(filter-out 1,$(LIVE)))
GIVEN_RESULTS    := $(if $(RESULTS),--results '$(RESULTS)')
AZURE            := $(if $(TARGET),--target $(TARGET)) $(if $(NAMESPACE),--namespace $(NAMESPACE)) $(if $(ACCOUNT_URL),--account-url $(ACCOUNT_URL))

.DEFAULT_GOAL := help
# What a command made before it failed must not count as made the next time.
.DELETE_ON_ERROR:
DEPLOY_TARGETS := infra-plan infra-up infra-down cluster-up kind-up kind-down images test-deploy test-cluster
.PHONY: help node-version setup build tools bench api contenders new-contender dapr-yaml compose compare calibrate cost-of paced sweep scale report history export prices cost chaos k6 dlq licences audit sbom $(DEPLOY_TARGETS) check test test-report lint format rig-up rig-down rig-status rig-logs doctor clean

help: ## list the targets
	@awk -F ':.*## ' '/^##@ / { printf "\n%s\n", substr($$0, 5) } /^[a-z0-9-]+:.*## / { line = sprintf("  make %-12s", $$1); count = split($$2, words, " "); \
	  for (i = 1; i <= count; i++) { if (length(line words[i]) > 78) { print line; line = sprintf("%19s", "") } line = line " " words[i] } \
	  print line }' $(MAKEFILE_LIST)
	@echo
	@echo "  Variables: ORDERS=$(ORDERS) CONTENDERS=\"$(CONTENDERS)\" SEED=$(SEED)"
	@echo "             BLOBS=$(BLOBS) (or azurite) MALFORMED=$(MALFORMED)"
	@echo "             LIVE=1 (a page to watch the runs on; LIVE=9464: on that port)"
	@echo "  What you measure is kept in runs/, which git ignores;"
	@echo "  RESULTS=results writes to what is published."

node-version:
	@command -v node >/dev/null || { echo "error: Node.js is missing: install Node.js 20 or newer" >&2; exit 2; }
	@node -e 'if (parseInt(process.versions.node) < 20) { console.error("error: Node.js " + process.version + " is too old: install 20 or newer"); process.exit(2) }'

##@ Measure

bench: build ## 10,000 orders through each of CONTENDERS: 3 minutes (the first time 10, and 4 GB of disk) [ORDERS CONTENDERS SEED BLOBS MALFORMED WARM_UP TARGET RESULTS LIVE]
	@$(BENCH) run --orders $(ORDERS) --contenders $(CONTENDERS) --seed $(SEED) --blobs $(BLOBS) --malformed $(MALFORMED) $(GIVEN_WARM_UP) $(AZURE) $(GIVEN_RESULTS) $(GIVEN_LIVE)

compare: build ## RUNS runs of each of five contenders in randomised blocks: an hour or more; BASE=<commit> is a regression gate [RUNS ORDERS CONTENDERS SEED WARM_UP BASE TARGET RESULTS LIVE]
	@$(BENCH) compare $(GIVEN_RUNS) --orders $(ORDERS) --seed $(SEED) $(GIVEN_CONTENDERS) $(GIVEN_WARM_UP) $(if $(BASE),--base $(BASE)) $(AZURE) $(GIVEN_RESULTS) $(GIVEN_LIVE)

calibrate: build ## one contender RUNS times against itself, and with 5 % of each core taken: how sure comparing is [RUNS ORDERS CONTENDERS SEED WARM_UP RESULTS LIVE]
	@$(BENCH) compare --calibrate $(GIVEN_RUNS) --orders $(ORDERS) --seed $(SEED) $(GIVEN_CONTENDERS) $(GIVEN_WARM_UP) $(GIVEN_RESULTS) $(GIVEN_LIVE)

cost-of: build ## what WHAT=live (the page, open), tracing, or events (one of each order) takes of the CPU, RUNS runs each with and without it: 20 minutes [WHAT RUNS ORDERS CONTENDERS SEED WARM_UP RESULTS]
	@$(BENCH) compare --cost-of $(or $(WHAT),live) $(GIVEN_RUNS) --orders $(ORDERS) --seed $(SEED) $(GIVEN_CONTENDERS) $(GIVEN_WARM_UP) $(GIVEN_RESULTS)

paced: build ## latency of CONTENDERS at 50, 70 and 90 % of their steady rates [CONTENDERS SEED WARM_UP RESULTS LIVE]
	@$(BENCH) paced --contenders $(CONTENDERS) --seed $(SEED) $(GIVEN_WARM_UP) $(GIVEN_RESULTS) $(GIVEN_LIVE)

sweep: build ## every combination of VARY ("handlers=4,16 replicas=1,2"), 3 runs of 2,000 orders each [VARY CONTENDERS SEED WARM_UP RESULTS LIVE]
	@$(BENCH) sweep --contenders $(CONTENDERS) $(foreach axis,$(VARY),--vary $(axis)) --seed $(SEED) $(GIVEN_WARM_UP) $(GIVEN_RESULTS) $(GIVEN_LIVE)

scale: build ## with TARGET=kubernetes or azure: RUNS bursts of each of three contenders with KEDA at work, from 1 pod and from none [TARGET RUNS CONTENDERS RESULTS]
	@$(BENCH) scale $(GIVEN_RUNS) --orders $(ORDERS) --seed $(SEED) $(GIVEN_CONTENDERS) $(AZURE) $(GIVEN_RESULTS)

k6: build ## TEST of CONTENDERS alone under k6: smoke, load, stress, spike, soak, breakpoint, clients (CLIENTS=4), cold-start, density; of their whole Order APIs: api-command, api-query, api-negotiation, api-preflight, api-crud, api-lag, api-webhooks, api-import [TEST CONTENDERS SEED RUNS BEHIND CLIENTS P99_LIMIT_MS RESULTS]
	@$(BENCH) k6 --test $(TEST) --contenders $(CONTENDERS) --seed $(SEED) $(GIVEN_RUNS) $(if $(BEHIND),--behind $(BEHIND)) $(if $(CLIENTS),--clients $(CLIENTS)) $(if $(P99_LIMIT_MS),--p99-limit-ms $(P99_LIMIT_MS)) $(GIVEN_RESULTS)

chaos: tools ## break things during drains of CONTENDERS, SEEDS 1-20: 1 to 3 minutes per seed; API=1: with their Order APIs [SEEDS CONTENDERS API RESULTS]
	@$(BENCH) chaos $(if $(API),--api) --seeds $(SEEDS) --contenders $(CONTENDERS) $(GIVEN_RESULTS)

##@ Read what was measured

report: build ## report.html and REPORT.md of your runs (COMPARISON=<id>); RESULTS=results: of the published ones, README=1 the README's figures too [COMPARISON README RESULTS]
	@$(BENCH) report $(if $(COMPARISON),--comparison $(COMPARISON)) $(if $(README),--readme) $(GIVEN_RESULTS)

history: build ## every stored comparison in a line, with the versions that took part [RESULTS]
	@$(BENCH) history $(GIVEN_RESULTS)

export: build ## your runs as CSV: results.csv [RESULTS]
	@$(BENCH) export --csv --out results.csv $(GIVEN_RESULTS)

cost: build ## cost of a million orders, of the comparison that `make report` is about, at the stored prices [COMPARISON RESULTS]
	@$(BENCH) cost $(if $(COMPARISON),--comparison $(COMPARISON)) $(GIVEN_RESULTS)

prices: build ## fetch today's Azure list prices (needs the internet, no account) [REGION]
	@$(BENCH) prices --region $(REGION)

##@ Try it by hand

rig-up: build ## start the rig with the first of CONTENDERS in the background, for trying things by hand (CONTENDERS=: broker and blob server alone) [CONTENDERS]
	@$(RIG) up --detach $(firstword $(CONTENDERS))

rig-status: build ## what runs in this checkout
	@$(RIG) status

rig-logs: build ## follow the logs of the running rig
	@$(RIG) logs --follow

rig-down: build ## stop the rig of this checkout; asks before it stops a measurement (FORCE=1: does not) [FORCE]
	@$(RIG) down $(if $(FORCE),--force)

dlq: build ## list the dead letters of the running rig (see, send back, delete them: node_modules/.bin/bench dlq --help)
	@$(BENCH) dlq list

api: build ## the Order API in front of a pipeline, to be tried by hand (CONTENDERS=express-ts or spin-ts) [CONTENDERS]
	@$(BENCH) api $(if $(filter command environment,$(firstword $(origin CONTENDERS))),$(CONTENDERS))

##@ Your own app

contenders: build ## list the contenders
	@$(BENCH) contenders

new-contender: build ## your own app as a contender in apps/NAME, from a copy of FROM (express-ts) [NAME FROM]
	@$(BENCH) new-contender $(if $(NAME),$(NAME),$(error say NAME=my-app)) $(if $(FROM),--from $(FROM))

##@ With your own tools

dapr-yaml: build ## a dapr.yaml for `dapr run -f`, on the broker and blob server of `make rig-up CONTENDERS=` (CONTENDERS=express-ts) [CONTENDERS]
	@$(BENCH) dapr-yaml $(if $(filter command environment,$(firstword $(origin CONTENDERS))),$(CONTENDERS))

compose: build ## compose.yaml for Docker Compose, of one of the Node.js apps (CONTENDERS=express-ts) [CONTENDERS]
	@$(BENCH) compose $(if $(filter command environment,$(firstword $(origin CONTENDERS))),$(CONTENDERS)) --out compose.yaml

##@ On a cluster

infra-plan: ## plan the Azure resources, check capacity, tell the cost per hour; changes nothing
	@deploy/infra/infra.sh plan

infra-up: ## make the Azure resources (asks first)
	@deploy/infra/infra.sh up

cluster-up: ## install cert-manager, SpinKube, Dapr and KEDA on the AKS cluster
	@deploy/cluster/up.sh

images: setup ## build and push the contenders' images, tagged by commit
	@deploy/images/push.sh

infra-down: ## remove the Azure resources (asks first)
	@deploy/infra/infra.sh down

kind-up: build ## a cluster of kind (needs Docker) with SpinKube, Dapr, KEDA, the stand-ins and three contenders, and a run
	@deploy/kind/up.sh

kind-down: ## remove that cluster and its registry
	@deploy/kind/down.sh

##@ Work on the project

doctor: build ## check this machine and say what to fix
	@$(RIG) doctor

setup: node-version node_modules/.package-lock.json ## install the npm packages of the lockfile

node_modules/.package-lock.json: package-lock.json | node-version
	@echo "installing npm packages (half a minute, once)"
	@npm ci --include=dev --include=optional --prefer-offline --no-audit --no-fund --loglevel=error
	@touch $@

build: setup ## compile the TypeScript of all workspaces
	@npm run --silent build

tools: build ## build daprd, find or build the Spin host, and build every contender and its Order API
	@$(BENCH) build

format: setup ## rewrite all files in the project's format
	@npx biome check --write .

lint: build ## check format, lint rules and types, and that nothing is exported or depended on in vain
	@npx biome check --error-on-warnings .
	@npx knip

check: lint ## lint and every unit test: what to run before each commit (a minute)
	@$(VITEST) --project parts --project mocking

test: tools ## run every test
	@$(VITEST)
	@node --test supply-chain/ .github/*.test.mjs apps/spin/make-component.test.mjs
# Wasmtime as the build compiled it; the stand-in itself is compiled once more, in a tenth of the time where it is not optimised.
	@if command -v cargo >/dev/null; then \
	  cd local/spin-host && CARGO_TARGET_DIR="$$(node ../../bench/dist/main.js cache-dir)/tools/spin-host-target" cargo test --config profile.release.package.spin-host.opt-level=0 --release --locked --quiet && \
	  cd ../../apps && CARGO_TARGET_DIR="$$(node ../bench/dist/main.js cache-dir)/tools/crates-target" cargo test --locked --quiet --package orders; \
	else echo "no Rust here: the tests of local/spin-host and apps/orders-rust were not run"; fi
# The flags are those of the build (local/rig/src/tools/go-tool.ts), so that what it compiled is used again.
	@if ls "$$(node bench/dist/main.js cache-dir)"/tools/daprd-*/daprd >/dev/null 2>&1 && command -v go >/dev/null; then \
	  cd local/daprd && CGO_ENABLED=0 GOFLAGS='-trimpath -buildvcs=false -mod=readonly -gcflags=all=-dwarf=false' go test .; \
	else echo "no daprd was built here: the tests of local/daprd were not run"; fi

test-report: build ## the report's tests, in headless Chromium
	@$(VITEST) bench/src/report

test-deploy: build ## check the chart, the cluster scripts and Terraform (builds its tools once, about 10 minutes)
	@$(VITEST) --config deploy/test/vitest.config.ts
	@deploy/check.sh

test-cluster: build ## run the chart on a real Kubernetes node in namespaces of this machine (Linux, root)
	@$(VITEST) --config deploy/test/cluster.config.ts

licences: setup ## list the licences of all that is built in; fails on an unknown one
	@node supply-chain/licences.mjs

audit: setup ## ask for known weaknesses of all that is built in (npm, govulncheck, cargo audit); says what it could not ask
	@node supply-chain/audit.mjs

sbom: setup ## bill of materials (CycloneDX): sbom.cdx.json
	@node supply-chain/sbom.mjs sbom.cdx.json

clean: ## remove what was built in this checkout (not runs/, results/ and the tools in the user's cache folder)
	@rm -rf .rig apps/*/dist generator/dist local/*/dist bench/dist k6/dist deploy/test/dist
	@find . -name '*.tsbuildinfo' -not -path './node_modules/*' -delete
