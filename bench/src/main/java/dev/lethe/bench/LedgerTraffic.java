package dev.lethe.bench;

import dev.lethe.events.ErasureRequest;
import dev.lethe.events.EventRecords;
import dev.lethe.events.Keys;
import dev.lethe.events.Outcome;
import dev.lethe.events.Outcome.Maker;
import dev.lethe.events.Outcome.Status;
import dev.lethe.events.Outcome.TargetOutcome;
import dev.lethe.events.Subject;
import dev.lethe.events.SubjectKey;
import dev.lethe.events.TopicDefinition;
import dev.lethe.events.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Requests of the last 33 days and what became of them: one in fifty has a store that has not answered, some of those too late. */
final class LedgerTraffic {
    private static final Maker MAKER = new Maker("1.0", "sha256:" + "0".repeat(64));
    private static final Duration SPAN = Duration.ofDays(33);
    private static final int OPEN = 50;
    /** So many records nobody is further ahead of the ledger: what becomes of a request follows it by seconds, not by days. */
    private static final int AHEAD = 3_000;

    private static final int WAVE = 500;

    private final int requests;
    private final Keys keys = Keys.create();
    private final Random random = new Random(1);
    private final Instant start = Instant.now().minus(SPAN);

    LedgerTraffic(int requests) {
        this.requests = requests;
    }

    /** Waits until a ledger has so many records. */
    interface Follower {
        void await(long records) throws InterruptedException;
    }

    /** Publishes all of it while a ledger follows, and returns how many records that is. */
    long publish(String bootstrapServers, Follower ledger) throws InterruptedException {
        long published = 0;
        var failed = new AtomicReference<@Nullable Exception>();
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "acks",
                        "all",
                        "linger.ms",
                        20,
                        "batch.size",
                        500_000,
                        "compression.type",
                        "lz4"),
                new StringSerializer(),
                new ByteArraySerializer())) {
            for (int i = 0; i < requests; i++) {
                for (ProducerRecord<String, byte[]> record : records(i)) {
                    var unused = producer.send(record, (metadata, failure) -> {
                        if (failure != null) {
                            failed.set(failure);
                        }
                    });
                    published++;
                }
                if (i % WAVE == WAVE - 1) {
                    producer.flush();
                    ledger.await(published - AHEAD);
                }
            }
        }
        Exception failure = failed.get();
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
        return published;
    }

    private List<ProducerRecord<String, byte[]>> records(int number) {
        Instant at = start.plus(SPAN.dividedBy(requests).multipliedBy(number));
        String user = "user-" + number;
        UUID id = new UUID(random.nextLong(), random.nextLong());
        SubjectKey key = keys.subjectKey("tenant", user);
        ErasureRequest request = keys.seal(
                id,
                at,
                at.plus(Duration.ofDays(30)),
                new Trigger("fusionauth", "user.delete", id, null, at),
                new Subject(key, user, "tenant", Map.of("email", List.of(user + "@example.org"))));
        var requested = EventRecords.request(TopicDefinition.REQUESTS, request, null);
        var shop = outcome(request, "shop", at);
        return number % OPEN == 0
                ? List.of(requested, shop)
                : List.of(requested, shop, outcome(request, "sessions", at));
    }

    private ProducerRecord<String, byte[]> outcome(ErasureRequest request, String store, Instant at) {
        return EventRecords.outcome(new Outcome(
                        request.requestId(),
                        request.subject().key(),
                        store,
                        Outcome.ERASE,
                        at.plusMillis(10 + random.nextInt(5_000)),
                        1,
                        Status.ERASED,
                        null,
                        List.of(TargetOutcome.deleted("orders", 6), TargetOutcome.deleted("customers", 1)))
                .by(MAKER));
    }
}
