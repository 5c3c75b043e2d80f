# `make` alone lists what there is. Any JDK 21 or newer will do; it is found without JAVA_HOME.
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

ifneq ($(filter-out help clean docs image kind-up kind-down deploy undeploy,$(or $(MAKECMDGOALS),help)),)
include jdk.mk
JAVA_MAJOR := $(shell sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$(JDK)/release")
# Java 23 and later print a warning when a library reads memory by sun.misc.Unsafe, as Netty and Maven's Guava do.
QUIET_UNSAFE := $(if $(filter 21 22,$(JAVA_MAJOR)),,--sun-misc-unsafe-memory-access=allow)
export MAVEN_OPTS := $(MAVEN_OPTS) $(QUIET_UNSAFE) --enable-native-access=ALL-UNNAMED
endif

MVN := mvn -B
# Maven's output without a line for every file it fetches
CALM := 2>&1 | .mvn/calm.sh
JAR := target/wadi.jar

# The heap is set, not guessed from the machine: 1 GB for Java beside the 1 GB that DuckDB may use (WADI_DUCKDB_MEMORY),
# and 1 GB outside the heap, of which the key indexes take 512 MB at most (WADI_INDEX_MEMORY).
# G1 is named because Java falls back to the serial collector on a small machine, and a full queue makes its pauses
# long. Out of memory ends the process at once: what was accepted is on disk, and half a process helps nobody.
JVM_OPTIONS := -Xmx1g -XX:MaxDirectMemorySize=1g -XX:+UseG1GC -XX:+ExitOnOutOfMemoryError \
  --enable-native-access=ALL-UNNAMED $(QUIET_UNSAFE)

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: $(JAR) blobs ## start Wadi with everything it needs; Ctrl-C stops it
	@exec java $(JVM_OPTIONS) $(JAVA_OPTIONS) -jar $(JAR)

.PHONY: test
test: ## install what the tests need, then run all checks and tests
	@if [ -x .ci/setup ]; then .ci/setup; fi
	@$(MVN) verify $(CALM)

# Another build, because Spark brings libraries of its own; then the tests that talk to it.
.PHONY: interop
interop: ## let Spark and Delta Standalone read and change Wadi's tables
	@$(MVN) -f src/interop/pom.xml compile $(CALM)
	@$(MVN) -Dquick test -Dtest='*Interop' $(CALM)

.PHONY: bench
bench: $(JAR) ## measure the speed; ARGS="merge commits" for some parts, SPARK=1 for Spark's merge beside it
	@$(MVN) -Dquick test-compile dependency:build-classpath -Dmdep.includeScope=test \
	  -Dmdep.outputFile=target/bench.classpath $(CALM)
ifdef SPARK
	@$(MVN) -f src/interop/pom.xml compile $(CALM)
	@lake="$$(mktemp -d)"; trap 'rm -rf "$$lake"' EXIT; java @src/interop/jvm.options -Xmx4g \
	  -cp "target/interop/classes:$$(cat target/interop/classpath)" dev.wadi.spark.Oracle bench 10000000 "$$lake/tables" 2>/dev/null
endif
	@exec java $(JVM_OPTIONS) -XX:MaxDirectMemorySize=4g $(JAVA_OPTIONS) -cp "target/test-classes:target/classes:$$(cat target/bench.classpath)" \
	  dev.wadi.bench.Bench $(ARGS)

.PHONY: format
format: ## bring the sources into shape
	@$(MVN) spotless:apply $(CALM)

.PHONY: lint
lint: $(JAR) ## check shape, dependencies, code, workflows, and what is in routes/ and schemas/, without tests
	@java $(QUIET_UNSAFE) --enable-native-access=ALL-UNNAMED -jar $(JAR) lint
	@$(MVN) test-compile $(CALM)
	@src/lint/run.sh

.PHONY: package
package: blobs ## build target/wadi.jar and target/lib, without tests
	@$(MVN) -DskipTests package $(CALM)

# Several processors at once, into a registry: make image IMAGE="registry/wadi:1" IMAGE_OPTIONS="--platform linux/amd64,linux/arm64 --push"
DOCKER ?= docker
VERSION := $(shell sed -n 's:^  <version>\(.*\)</version>:\1:p' pom.xml)
IMAGE ?= wadi:$(VERSION)

.PHONY: image
image: ## build the image wadi:VERSION; DOCKER=podman for another builder
	@$(DOCKER) build --build-arg VERSION=$(VERSION) --build-arg REVISION="$$(git rev-parse HEAD)" --tag $(IMAGE) $(IMAGE_OPTIONS) .

.PHONY: azurite
azurite: ## put Azurite, the blob store of `make run` and of the tests, into target/azurite
	@src/azurite/install.sh

# The same where npm is there; Wadi runs without, and says so.
.PHONY: blobs
blobs:
	@if command -v npm >/dev/null; then src/azurite/install.sh || true; fi

# A cluster on this machine. Each target names it, so that none of them reaches another one by mistake.
CLUSTER := wadi
KIND_CONTEXT := --kube-context kind-$(CLUSTER)

.PHONY: kind-up
kind-up: ## make a cluster on this machine (kind), with Strimzi for Kafka
	kind create cluster --name $(CLUSTER) --wait 2m
	helm upgrade --install strimzi strimzi-kafka-operator --repo https://strimzi.io/charts/ --version 0.48.0 \
	  $(KIND_CONTEXT) --wait --timeout 10m

# The tag stays the same, so the image is named in an annotation, too: a new one starts the pod anew.
.PHONY: deploy
deploy: ## build the image and run Wadi in that cluster
	docker build --tag wadi:dev .
	kind load docker-image wadi:dev --name $(CLUSTER)
	helm upgrade --install wadi charts/wadi --values charts/wadi/values-kind.yaml $(KIND_CONTEXT) --wait --timeout 10m \
	  --set-string podAnnotations.image="$$(docker image inspect --format '{{.Id}}' wadi:dev)"

.PHONY: undeploy
undeploy: ## take Wadi out of that cluster; its volume stays
	helm uninstall wadi $(KIND_CONTEXT) --wait

.PHONY: kind-down
kind-down: ## delete that cluster with all that is in it
	kind delete cluster --name $(CLUSTER)

.PHONY: docs
docs: ## build the docs site into target/docs-site/dist and check its links
	@src/docs-site/build.sh

.PHONY: clean
clean: ## delete what was built; data/ stays
	rm -rf target

# Without checks and tests, because the next thing is to run it. Folders count too: a deleted file changes its folder.
$(JAR): pom.xml $(shell find src/main)
	@echo "Building $(JAR); the first time fetches some 300 MB of libraries."
	@$(MVN) -Dquick -Dmaven.test.skip=true -Dmaven.compiler.showWarnings=false package $(CALM)
	@touch $(JAR)
