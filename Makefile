# Each target installs what it needs from Debian's packages when run as root, or says what is missing.

MVN := mvn --batch-mode --no-transfer-progress --quiet

.PHONY: build image test test-long test-matrix test-page demo bench bench-api e2e-cluster fmt clean

build: ## jars, and the distribution in deploy/target/kube-ipvs
	tools/install-packages build
	$(MVN) package -DskipTests -Dspotless.check.skip

image: build ## an OCI archive in deploy/target/kube-ipvs-image.tar
	tools/install-packages image
	deploy/src/main/image/build deploy/target

test: ## lints, unit tests, then the tests in the guest kernel; the last line counts them all
	@tools/test

test-long: ## also what takes long, and the second guest (QEMU with Debian's kernel)
	@tools/test --long

test-matrix: build ## the scenarios in each mode, with both kinds of tools; writes e2e/target/matrix.md
	tools/install-packages guest qemu
	@tools/test-matrix

test-page: build ## the status page in a browser, with pictures of it in docs/images
	@tools/test-page --pictures

demo: build ## a cluster of namespaces in the guest, with a shell in it
	tools/install-packages guest
	e2e/demo/run

bench: build
	tools/install-packages guest
	e2e/bench/run

bench-api: build ## the daemon on an API server's stand-in: time and memory of 10,000 Services
	tools/install-packages guest
	e2e/bench/run-api

e2e-cluster: build ## KUBECONFIG=FILE: scenarios at a real API server, in a namespace of their own
	tools/install-packages guest qemu
	e2e/cluster/run "$(KUBECONFIG)"

fmt:
	tools/install-packages build
	$(MVN) spotless:apply

clean:
	rm -rf target ./*/target
