# `make` builds, `make demo` shows, `make test` tests. `make help` lists the rest.

GO      ?= go
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
LDFLAGS  = -s -w -X main.version=$(VERSION)
BUILD    = CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)'
FUZZTIME ?= 30s
PREFIX  ?= /usr/local

# The packages with tests of real terminals, processes and servers. One at a time: what
# they wait for is real. The others are the same with and without the tag.
SYSTEM = $(sort $(dir $(shell grep -rl --include='*_test.go' '^//go:build.*system' cmd store tui vastapi | sed 's,^,./,')))

.DEFAULT_GOAL := build
.PHONY: build demo test race test-system long lint check fmt vet tidy golden fuzz bench bench-pty guards \
        conformance screenshots docs install dist clean help

build: ## build ./bin/vastdeck and ./bin/vastsim (the default)
	$(BUILD) -o bin/ ./cmd/vastdeck ./cmd/vastsim

demo: build ## run against the built-in simulator: no account, no key, no network
	./bin/vastdeck --demo $(ARGS)

test: ## everything that needs only Go
	$(GO) test -timeout 30m ./...

race: ## the same under the race detector (needs a C compiler)
	CGO_ENABLED=1 $(GO) test -race -short -timeout 45m ./...

test-system: ## real terminals, signals, a private keyring, an ssh server (as root on Debian it installs what is missing)
	bash .ci/packages
	$(GO) test -count=1 -p 1 -timeout 40m -tags system $(SYSTEM)

long: ## before a release: 10,000 kills, ten minutes of each fuzz target and of twenty tunnels, the race detector on everything
	$(GO) test -count=1 -timeout 60m -tags long -run TenThousand ./vastapi/rental
	$(GO) test -count=1 -timeout 20m -tags 'system long' -run TwentyTunnels -v ./vastapi/remote
	$(MAKE) fuzz FUZZTIME=10m
	CGO_ENABLED=1 $(GO) test -race -count=1 -timeout 60m ./...

lint: fmt vet ## format and vet; golangci-lint too where it is installed
	@if command -v golangci-lint >/dev/null; then golangci-lint run; fi

check: fmt vet tidy race ## what a commit must pass: format, vet on three systems, modules, race

fmt:
	@test -z "$$(gofmt -l cmd store tui vastapi | tee /dev/stderr)" || (echo 'run gofmt -w on these files'; exit 1)

vet:
	$(GO) vet ./...
	$(GO) vet -tags system ./...
	GOOS=darwin $(GO) vet ./...
	GOOS=windows $(GO) vet ./...

tidy:
	$(GO) mod tidy -diff
	$(GO) mod verify

golden: ## write all golden screens and scenes anew, and list what changed
	UPDATE_GOLDEN=1 $(GO) test ./...
	git status --short '*.golden' '*.cells'

fuzz: ## 30 s of each fuzz target (FUZZTIME=…)
	@grep -rl --include='*_test.go' 'func Fuzz' . | xargs -n1 dirname | sort -u | while read -r dir; do \
	  for name in $$(grep -hoE 'func Fuzz[A-Za-z0-9_]*' $$dir/*_test.go | cut -d' ' -f2); do \
	    echo "fuzz $$dir $$name"; \
	    $(GO) test -run '^$$' -fuzz "^$$name$$" -fuzztime $(FUZZTIME) $$dir || exit 1; \
	  done; done

bench: ## Go benchmarks, with the budgets they are held against
	$(GO) test -run '^$$' -bench . -benchmem ./tui ./tui/widget/table ./tui/widget/queryline ./tui/widget/reader ./vastapi/offerql ./vastapi/rental ./vastapi ./cmd/vastdeck

bench-pty: ## the built program in a real terminal: first frame, latency, bytes, idle, memory; also make bench-pty VASTAI='vastai'
	$(GO) test -count=1 -timeout 30m -tags benchpty -run TestBenchPTY -v ./cmd/vastdeck

guards: ## take away one guard at a time; each time a test has to fail
	$(GO) run ./cmd/guards

conformance: ## the official client against the simulator: make conformance VASTAI='vastai'
	VASTAI='$(VASTAI)' bash vastapi/vastsim/conformance.sh

screenshots: ## draw the scenes as PNG (librsvg2-bin, fonts-jetbrains-mono, fonts-symbola)
	UPDATE_GOLDEN=1 $(GO) test -run TestScene ./tui/tuitest
	$(GO) run ./cmd/shots

docs: ## write the generated parts of the README
	UPDATE_GOLDEN=1 $(GO) test -run TestREADME ./cmd/vastdeck

install: build ## both programs, man page and completions: make install PREFIX=/usr/local (DESTDIR is honoured)
	bash cmd/vastdeck/install '$(DESTDIR)$(PREFIX)' bin/vastdeck bin/vastsim

dist: ## archives for Linux and macOS, amd64 and arm64, with man page and completions, and their checksums
	@rm -rf dist && mkdir -p dist
	@$(BUILD) -o dist/native/vastdeck ./cmd/vastdeck
	@for os in linux darwin; do for arch in amd64 arm64; do \
	  name=vastdeck-$(VERSION)-$$os-$$arch; \
	  GOOS=$$os GOARCH=$$arch $(BUILD) -o dist/build/ ./cmd/vastdeck ./cmd/vastsim || exit 1; \
	  TEXTS=dist/native/vastdeck bash cmd/vastdeck/install dist/$$name dist/build/vastdeck dist/build/vastsim || exit 1; \
	  cp README.md LICENSE dist/$$name/ || exit 1; \
	  tar --sort=name --owner=0 --group=0 --numeric-owner -C dist -czf dist/$$name.tar.gz $$name || exit 1; \
	  rm -rf dist/$$name dist/build; \
	  echo "dist/$$name.tar.gz"; \
	done; done
	@rm -rf dist/native
	@cd dist && sha256sum *.tar.gz > SHA256SUMS && cat SHA256SUMS

clean: ## remove what was built
	rm -rf bin dist

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
