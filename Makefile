# Each target installs what it needs from Debian's packages when run as root, or says what is missing.

MVN := mvn --batch-mode --no-transfer-progress --quiet

.PHONY: build test test-long test-matrix demo bench fmt clean

build: ## jars, and the distribution in deploy/target/kube-ipvs
	tools/install-packages build
	$(MVN) package -DskipTests -Dspotless.check.skip

test: ## lints, unit tests, then the tests in the guest kernel; the last line counts them all
	@tools/test

test-long: ## also what takes long, and the second guest (QEMU with Debian's kernel)
	@tools/test --long

test-matrix: build ## the scenarios in each mode, with both kinds of tools; writes e2e/target/matrix.md
	tools/install-packages guest qemu
	@tools/test-matrix

demo: build ## a cluster of namespaces in the guest, with a shell in it
	tools/install-packages guest
	e2e/demo/run

bench: build
	tools/install-packages guest
	e2e/bench/run

fmt:
	tools/install-packages build
	$(MVN) spotless:apply

clean:
	rm -rf target ./*/target
