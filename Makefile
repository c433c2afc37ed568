# Signalbox. Two commands from a fresh machine: `make demo` and `make test`.

PREFIX ?= /usr/local
BUILD_FLAGS ?= --explicit-target-dependency-import-check error
VERSION := $(shell sed -n 's/.*static let text = "\(.*\)"/\1/p' Sources/signalbox/Version.swift)

.PHONY: demo test setup build release lint format install dist package package-test bench load clean

demo: setup  ## sets up, builds, and runs the main job on a sample ticket
	swift build $(BUILD_FLAGS) --product signalbox
	scripts/demo .build/debug/signalbox

test: setup  ## sets up and runs all tests
	swift build $(BUILD_FLAGS) --build-tests
	swift test $(BUILD_FLAGS) --skip-build --skip EndToEndTests
	swift test $(BUILD_FLAGS) --skip-build --no-parallel --filter EndToEndTests

setup:
	@scripts/setup

build: setup
	swift build $(BUILD_FLAGS) --product signalbox

release: setup
	swift build -c release --product signalbox

lint:  ## formatting and the habits that a program can check
	scripts/lint

format:
	swift format -i -p -r Package.swift Sources plugins Tests Benchmarks

install: release  ## installs the binary and its completions under PREFIX
	install -D -m 755 .build/release/signalbox $(DESTDIR)$(PREFIX)/bin/signalbox
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions
	.build/release/signalbox --generate-completion-script bash \
		> $(DESTDIR)$(PREFIX)/share/bash-completion/completions/signalbox

dist: setup  ## a tarball that runs on Debian 12 without a toolchain
	scripts/dist $(VERSION)

package: setup  ## a .deb for Debian 12, with a systemd unit
	scripts/setup package
	scripts/package $(VERSION)

package-test: package  ## installs it in a fresh Debian, uses it and takes it out again; as root
	scripts/package-test dist/signalbox_$(VERSION)_$(shell dpkg --print-architecture).deb

bench: setup  ## the workloads of Benchmarks/README.md
	swift build -c release --product signalbox-bench
	Benchmarks/run

load: setup  ## what `serve` takes in over HTTP; takes a quarter of an hour, on an idle machine
	swift build -c release --product signalbox-bench
	swift build -c release --product signalbox
	Benchmarks/load

clean:
	rm -rf .build dist
