package dev.lethe.worker.deadletter;

import dev.lethe.events.ErasureRequest;
import dev.lethe.events.EventRecords;
import dev.lethe.events.Outcome;
import dev.lethe.events.Outcome.Status;
import dev.lethe.events.TopicDefinition;
import dev.lethe.kafka.Backlog;
import dev.lethe.kafka.KafkaConfig;
import dev.lethe.kafka.TopicReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * {@code erasure.dead-letters}: looks at the open entries, sends them back, closes them. Whatever it does is acknowledged
 * when a method returns, and can be done again after a crash at any moment. Every method throws {@link KafkaException} if the
 * cluster does not answer. For one thread.
 */
public final class DeadLetters implements AutoCloseable {
    private static final String DISCARD_REASON = "__erasure.discarded.reason";

    private final InstantSource clock;
    private final TopicReader reader;
    private final Admin admin;
    private final Producer<String, byte[]> producer;

    public DeadLetters(KafkaConfig kafka, InstantSource clock) {
        this.clock = clock;
        admin = Admin.create(kafka.with(Map.of("default.api.timeout.ms", "15000", "request.timeout.ms", "5000")));
        reader = new TopicReader(kafka, admin);
        producer = new KafkaProducer<>(
                kafka.with(Map.of(
                        "client.id",
                        "lethe-dead-letters",
                        "acks",
                        "all",
                        "enable.idempotence",
                        true,
                        "max.block.ms",
                        15_000,
                        "request.timeout.ms",
                        5000,
                        "delivery.timeout.ms",
                        15_000)),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    /** The open entries, the longest failing first. */
    public List<DeadLetter> open() throws InterruptedException {
        return open(reader);
    }

    /** The open entries, the longest failing first. */
    public static List<DeadLetter> open(TopicReader reader) throws InterruptedException {
        Map<String, ConsumerRecord<String, byte[]>> open = new LinkedHashMap<>();
        for (ConsumerRecord<String, byte[]> record : reader.all(TopicDefinition.DEAD_LETTERS)) {
            if (record.value() == null) {
                open.remove(record.key());
            } else if (record.key() != null) {
                open.put(record.key(), record);
            }
        }
        return open.values().stream()
                .map(DeadLetter::of)
                .sorted(Comparator.comparing(DeadLetter::firstFailedAt).thenComparing(DeadLetter::key))
                .toList();
    }

    /** The keys of entries that were sent back and that their store has not got round to. */
    public Set<String> onTheirWay(Collection<String> stores) throws InterruptedException {
        var keys = new HashSet<String>();
        for (String store : new TreeSet<>(stores)) {
            Backlog retries =
                    Backlog.of(admin, reader, "erasure." + store + ".retry", List.of(TopicDefinition.retry(store)));
            reader.read(retries.from(), record -> {
                Failure failure = Failure.read(record.headers());
                if (failure != null && failure.redriven() != null) {
                    keys.add(failure.redriven());
                }
                return true;
            });
        }
        return keys;
    }

    /**
     * Sends entries, whose request and headers are there, back to the retry topics of their stores. They stay open until the
     * worker that erases them closes them.
     *
     * @param delay the delay of the retry lanes
     */
    public Redrive redrive(List<DeadLetter> letters, Duration delay) throws InterruptedException {
        var redrive = new Redrive(reader, letters);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        send(letters.stream()
                .map(letter -> {
                    Failure failure = letter.failure();
                    ErasureRequest request = letter.request();
                    if (failure == null || request == null) {
                        throw new IllegalArgumentException("can't be redriven: " + letter.key());
                    }
                    return failure.redrive(letter.record(), request.subject().key(), now, now.plus(delay));
                })
                .toList());
        return redrive;
    }

    /**
     * Gives an entry up: an outcome says so and why, and then the entry is closed.
     *
     * @return the outcome; null where none can be written because the record does not say whose request it is
     */
    public @Nullable Outcome discard(DeadLetter letter, Reason reason) throws InterruptedException {
        ErasureRequest request = letter.request();
        Outcome outcome = request == null
                ? null
                : new Outcome(
                        request.requestId(),
                        request.subject().key(),
                        letter.store(),
                        FirstRun.of(letter.record().headers(), Outcome.ERASE),
                        clock.instant().truncatedTo(ChronoUnit.MILLIS),
                        letter.attempts(),
                        Status.FAILED,
                        Outcome.DISCARDED,
                        reason.text(),
                        List.of(),
                        null);
        if (outcome != null) {
            send(List.of(EventRecords.outcome(outcome)));
        }
        ProducerRecord<String, byte[]> tombstone = Failure.tombstone(letter.key());
        tombstone.headers().add(DISCARD_REASON, reason.text().getBytes(StandardCharsets.UTF_8));
        send(List.of(tombstone));
        return outcome;
    }

    /** Why a human gave the entry up that this tombstone closes; null if none did. */
    public static @Nullable String discardReason(ConsumerRecord<String, byte[]> tombstone) {
        Header reason = tombstone.headers().lastHeader(DISCARD_REASON);
        return reason == null || reason.value() == null ? null : new String(reason.value(), StandardCharsets.UTF_8);
    }

    private void send(List<ProducerRecord<String, byte[]>> records) throws InterruptedException {
        List<Future<RecordMetadata>> acknowledgements =
                records.stream().map(producer::send).toList();
        for (Future<RecordMetadata> acknowledgement : acknowledgements) {
            try {
                acknowledgement.get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
            }
        }
    }

    @Override
    public void close() {
        reader.close();
        admin.close(Duration.ofSeconds(2));
        producer.close(Duration.ofSeconds(2));
    }
}
