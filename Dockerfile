# syntax=docker/dockerfile:1
# Wadi as an image: `make image`. Stages: build (jars, the same on every processor), program (Java with the jars), train (one run of the
# program, of which Java keeps the loaded classes), and the image itself, which is program with what train has learned.

FROM --platform=$BUILDPLATFORM maven:3.9.11-eclipse-temurin-25 AS build
WORKDIR /build
# Maven needs its options of Java for the compiler checks
COPY .mvn/jvm.config .mvn/jvm.config
COPY pom.xml .
COPY src/main src/main
# the cache keeps what Maven has fetched, from one build of the image to the next
RUN --mount=type=cache,target=/root/.m2/repository mvn -B -q -Dquick -Dmaven.test.skip=true package
COPY src/image/Train.java src/image/Health.java src/image/
RUN ["javac", "-d", "target/image", "src/image/Train.java", "src/image/Health.java"]

FROM eclipse-temurin:25.0.3_9-jre-noble AS program
RUN groupadd --system --gid 10001 wadi \
 && useradd --system --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin wadi \
 && install --directory --owner=wadi --group=wadi /data
WORKDIR /opt/wadi
# A layer each, what changes least first. Times stay as they are: Java takes the cache of train only for these very files.
COPY --from=build /build/target/lib/ lib/
COPY --from=build /build/target/wadi.jar wadi.jar
COPY --from=build /build/target/image/Health.class ./
COPY src/image/java.options LICENSE ./
COPY schemas/ /schemas/
COPY routes/ /routes/
ENV JDK_JAVA_OPTIONS="-Xmx1g -XX:MaxDirectMemorySize=1g" \
    WADI_HTTP_HOST=0.0.0.0 \
    WADI_DATA_DIR=/data \
    WADI_ROUTES_DIR=/routes \
    WADI_SCHEMAS_DIR=/schemas
USER 10001:10001
WORKDIR /data

FROM program AS train
COPY --from=build /build/target/image/ /train/
RUN ["java", "-cp", "/train", "Train", "/opt/wadi", "/data/wadi.aot"]

FROM program
COPY --from=train --chmod=444 /data/wadi.aot /opt/wadi/wadi.aot
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Wadi" \
      org.opencontainers.image.description="An event lakehouse in one JVM: Camel routes into Delta Lake by MERGE, a star schema, KPIs" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.base.name="docker.io/library/eclipse-temurin"
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
# The base has neither wget nor curl. The options of Wadi's Java are not for this one.
HEALTHCHECK --interval=10s --timeout=10s --start-period=60s --retries=3 \
    CMD ["env", "-u", "JDK_JAVA_OPTIONS", "java", "-Xmx16m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", "/opt/wadi", "Health"]
# Words after the name of the image are a command of Wadi: docker run wadi --help
ENTRYPOINT ["java", "@/opt/wadi/java.options", "-jar", "/opt/wadi/wadi.jar"]
