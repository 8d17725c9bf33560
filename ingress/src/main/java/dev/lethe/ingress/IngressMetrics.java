package dev.lethe.ingress;

import dev.lethe.ingress.authentication.Refusal;
import dev.lethe.ingress.tls.HandshakeFailure;
import dev.lethe.ingress.tls.TlsConnections;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** What the ingress counts. */
final class IngressMetrics {
    private final MeterRegistry registry;
    private final Map<Answer, Counter> answers = new EnumMap<>(Answer.class);
    private final Counter slowHeaders;
    private final Timer acknowledgement;

    IngressMetrics(MeterRegistry registry, Capacity capacity) {
        this.registry = registry;
        for (Answer answer : Answer.values()) {
            answers.put(
                    answer,
                    Counter.builder("lethe.ingress.requests")
                            .description("Webhook calls, by how they were answered")
                            .tag("outcome", answer.tag())
                            .register(registry));
        }
        slowHeaders = Counter.builder("lethe.ingress.slow.headers")
                .description("Connections that were ended because no whole headers came in time")
                .register(registry);
        acknowledgement = Timer.builder("lethe.ingress.acknowledgement")
                .description("From the request's headers to the committed record")
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofSeconds(2))
                .register(registry);
        Gauge.builder("lethe.ingress.in.flight.bytes", capacity, Capacity::bytes)
                .description("Bytes of bodies in hand")
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder("lethe.ingress.in.flight.requests", capacity, Capacity::requests)
                .description("Calls in hand whose bodies are complete")
                .register(registry);
    }

    void observe(TlsConnections tls) {
        for (HandshakeFailure reason : HandshakeFailure.values()) {
            FunctionCounter.builder(
                            "lethe.ingress.tls.handshake.failures", tls, failed -> failed.failedHandshakes(reason))
                    .description("Connections that failed before a request, by reason")
                    .tag("reason", reason.name())
                    .register(registry);
        }
    }

    void answered(Answer answer) {
        Counter counter = answers.get(answer);
        if (counter != null) {
            counter.increment();
        }
    }

    /** @param status of the answer to what never got to be a webhook call */
    void refusedByServer(int status) {
        Counter.builder("lethe.ingress.server.refusals")
                .description(
                        "Requests that the server refused before the webhook saw them: broken HTTP, or while it stops")
                .tag("status", Integer.toString(status))
                .register(registry)
                .increment();
    }

    /** A caller did not come to the end of his headers. */
    void endedConnection() {
        slowHeaders.increment();
    }

    void acknowledged(Duration took) {
        acknowledgement.record(took);
    }

    void refusedAuthentication(Refusal reason) {
        Counter.builder("lethe.ingress.authentication.failures")
                .description("Calls that could not show that they are FusionAuth's, by reason")
                .tag("reason", reason.name())
                .register(registry)
                .increment();
    }
}
