# Two images: 'lethe' has the services and all their commands, 'sample' has a simulated FusionAuth and fictional people besides.
#
#   docker build -t lethe .
#   docker build -t lethe-sample --target sample .
ARG BUILD_IMAGE=maven:3.9-eclipse-temurin-25
ARG RUNTIME_IMAGE=eclipse-temurin:25-jre

FROM ${BUILD_IMAGE} AS build
# Such as a settings file with a mirror.
ARG MAVEN_OPTIONS=""
WORKDIR /build
COPY . .
# What is built here is run here: the checks of 'mvn verify' are not for this moment.
RUN --mount=type=cache,target=/root/.m2 \
    mvn -B -q ${MAVEN_OPTIONS} -Dmaven.test.skip -Dspotless.check.skip -pl ingress,erasure-worker,ledger -am \
        package dependency:copy-dependencies -DincludeScope=runtime \
    && mkdir /lethe \
    && cp ingress/target/ingress-*.jar ingress/target/dependency/*.jar /lethe \
    && cp erasure-worker/target/erasure-worker-*.jar erasure-worker/target/dependency/*.jar /lethe \
    && cp ledger/target/ledger-*.jar ledger/target/dependency/*.jar /lethe

FROM build AS build-sample
RUN --mount=type=cache,target=/root/.m2 \
    mvn -B -q ${MAVEN_OPTIONS} -Dmaven.test.skip -Dspotless.check.skip -pl quickstart -am package

FROM ${RUNTIME_IMAGE} AS runtime
ARG VERSION=0.1.0-SNAPSHOT
ARG REVISION=unknown
ARG RUNTIME_IMAGE
LABEL org.opencontainers.image.title="Lethe" \
      org.opencontainers.image.description="A right-to-erasure engine for FusionAuth" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="${RUNTIME_IMAGE}"
COPY deploy/docker/java.options /opt/lethe/
COPY --chmod=755 deploy/docker/lethe deploy/docker/healthy /opt/lethe/bin/
ENV PATH="/opt/lethe/bin:${PATH}"
# Where key files are, for whoever mounts a volume there: that of all services, and the one that is the ledger's alone.
RUN mkdir -p /var/lib/lethe /var/lib/ledger /etc/lethe && chown 10001:10001 /var/lib/lethe /var/lib/ledger
USER 10001:10001
WORKDIR /etc/lethe
EXPOSE 8080 8081
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s CMD ["healthy"]
ENTRYPOINT ["lethe"]
CMD ["--help"]

FROM runtime AS sample
COPY --from=build-sample /build/quickstart/target/lib /opt/lethe/lib

FROM runtime AS lethe
COPY --from=build /lethe /opt/lethe/lib
