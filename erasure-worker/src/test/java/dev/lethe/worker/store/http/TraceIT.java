package dev.lethe.worker.store.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lethe.events.Codec;
import dev.lethe.events.EventRecords;
import dev.lethe.events.Keys;
import dev.lethe.events.Outcome;
import dev.lethe.events.Outcome.Status;
import dev.lethe.events.Subject;
import dev.lethe.events.Trigger;
import dev.lethe.worker.erase.EraseStep;
import dev.lethe.worker.erase.ErasureMetrics;
import dev.lethe.worker.erase.Look;
import dev.lethe.worker.erase.RetryConfig;
import dev.lethe.worker.lane.Backoff;
import dev.lethe.worker.lane.Entry;
import dev.lethe.worker.lane.Hold;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.http.NewsService.Request;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** From the header of a record to the header of a request. */
class TraceIT {
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    @Test
    void theTraceOfARequestAndItsIdReachTheService() throws Exception {
        UUID requestId = UUID.randomUUID();
        try (var service = new NewsService()) {
            service.subscribe("ada@example.org");

            ProducerRecord<String, byte[]> outcome = erase(service, requestId, Outcome.ERASE, TRACE);

            assertThat(Codec.decodeOutcome(outcome.value()).status()).isEqualTo(Status.ERASED);
            Request request = service.erasures().getFirst();
            assertThat(request.header("traceparent")).isEqualTo(TRACE);
            assertThat(request.header("webhook-id")).isEqualTo(requestId + "/erase");
        }
    }

    @Test
    void aReplayIsAnotherRequestToTheService() throws Exception {
        UUID requestId = UUID.randomUUID();
        try (var service = new NewsService()) {
            erase(service, requestId, "replay-7", null);

            Request request = service.erasures().getFirst();
            assertThat(request.header("traceparent")).isNull();
            assertThat(request.header("webhook-id")).isEqualTo(requestId + "/replay-7");
        }
    }

    @Test
    void whatIsNoTraceDoesNotBecomeAHeader() throws Exception {
        try (var service = new NewsService()) {
            erase(service, UUID.randomUUID(), Outcome.ERASE, "ada@example.org");

            assertThat(service.erasures().getFirst().header("traceparent")).isNull();
        }
    }

    private static ProducerRecord<String, byte[]> erase(NewsService service, UUID requestId, String run, String trace)
            throws Exception {
        Keys keys = Keys.create();
        Instant now = Instant.parse("2026-11-25T12:00:00Z");
        var subject =
                new Subject(keys.subjectKey(null, "ada"), "ada", null, Map.of("email", List.of("ada@example.org")));
        var request = keys.seal(
                requestId,
                now,
                now.plus(Duration.ofDays(30)),
                new Trigger("fusionauth", "user.delete", requestId, null, null),
                subject);
        ProducerRecord<String, byte[]> record = EventRecords.request("erasure.requests", request, trace);
        var entry = Entry.outsideGroups(new ConsumerRecord<>(
                record.topic(),
                0,
                0,
                now.toEpochMilli(),
                TimestampType.LOG_APPEND_TIME,
                0,
                record.value().length,
                record.key(),
                record.value(),
                record.headers(),
                Optional.empty()));
        try (ErasureStore store =
                HttpStoreIT.open("""
                    url: %s
                    readBack: %s
                    secret: %s
                    identifiers: [userId, email]
                    targets: [subscriptions, surveys]
                    """.formatted(service.url("/erasures"), service.url("/counts"), NewsService.SECRET))) {
            var step = new EraseStep(
                    new Look("news", "erasure.news", run, false, new Outcome.Maker("1.0", "sha256:" + "0".repeat(64))),
                    store,
                    keys,
                    new RetryConfig(Duration.ofMinutes(5), Duration.ofDays(3)),
                    new ErasureMetrics(new SimpleMeterRegistry(), "news"),
                    InstantSource.system());
            return step.take(List.of(entry), new Hold("news", Backoff.DEFAULT, InstantSource.system()))
                    .getFirst();
        }
    }
}
