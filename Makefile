# What people and CI run. `make help` lists it.

TOOL := go tool -modfile=internal/tools/go.mod

# Go's fuzzer takes one target at a time.
FUZZ     := FuzzParse
FUZZPKG  := ./internal/config
FUZZTIME := 1m

.DEFAULT_GOAL := help

.PHONY: help
help: ## List what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: ## Try Muster in a local Slack workspace, in the browser
	go run . sandbox

.PHONY: build
build: ## Build ./muster, static
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w -X main.version=$(shell git describe --tags --always --dirty 2>/dev/null || echo dev)' -o muster .

# SQLite is C, made into Go by a program. The memory it works on is outside Go's heap,
# where the race detector looks at nothing, though it costs as much there. Only races
# on SQLite's own package variables are no longer looked for.
RACE := -race -gcflags=modernc.org/sqlite/lib=-race=false

# Many tests wait, for the 3 s of Slack's patience or a connection's backoff: more
# of them run at a time than there are CPUs on a small machine. The packages that
# take longest go first, so that none is left alone at the end.
.PHONY: test
test: ## Run all tests, with a real Redis, a real browser and Slack's own clients
	.ci/tools redis-server redis-cli chromium gcc
	.ci/clients
	MUSTER_REQUIRE_TOOLS=1 go test $(RACE) -parallel 4 -timeout 15m ./templates ./bot ./...

.PHONY: check
check: ## Run the linters, and look for known vulnerabilities
	$(TOOL) golangci-lint run ./...
	.ci/vulncheck

.PHONY: fmt
fmt: ## Format the code
	$(TOOL) golangci-lint fmt ./...

.PHONY: bench
bench: ## Measure both stores, side by side
	.ci/tools redis-server redis-cli
	MUSTER_REQUIRE_TOOLS=1 .ci/bench

.PHONY: fuzz
fuzz: ## Feed what strangers type to FUZZ in FUZZPKG, for FUZZTIME
	go test -run '^$$' -fuzz '^$(FUZZ)$$' -fuzztime $(FUZZTIME) $(FUZZPKG)
