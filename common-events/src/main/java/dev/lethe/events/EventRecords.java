package dev.lethe.events;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Kafka records of the wire format: the pseudonym as key, CloudEvents attributes (binary content mode) as headers.
 *
 * @see <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md">CloudEvents'
 *     Kafka binding</a>
 */
public final class EventRecords {
    /** W3C Trace Context, carried from the webhook call to the stores. */
    public static final String TRACEPARENT = "traceparent";

    private EventRecords() {}

    /** A request for a topic of the erasure log. */
    public static ProducerRecord<String, byte[]> request(
            String topic, ErasureRequest request, @Nullable String traceparent) {
        var record = new ProducerRecord<>(topic, request.subject().key().value(), Codec.encode(request));
        describe(
                record.headers(),
                request.requestId().toString(),
                "dev.lethe.erasure.requested",
                request.requestedAt().toString());
        if (traceparent != null) {
            put(record.headers(), TRACEPARENT, traceparent);
        }
        return record;
    }

    /** That a deletion is complete, for {@link TopicDefinition#COMPLETIONS}. */
    public static ProducerRecord<String, byte[]> completion(UUID eventId, SubjectKey subject, Instant at) {
        var record = new ProducerRecord<String, byte[]>(TopicDefinition.COMPLETIONS, subject.value(), null);
        describe(record.headers(), eventId.toString(), "dev.lethe.deletion.completed", at.toString());
        return record;
    }

    /** An outcome for {@link TopicDefinition#OUTCOMES}. */
    public static ProducerRecord<String, byte[]> outcome(Outcome outcome) {
        var record = new ProducerRecord<>(TopicDefinition.OUTCOMES, outcome.key(), Codec.encode(outcome));
        describe(
                record.headers(),
                outcome.key(),
                "dev.lethe.erasure.settled",
                outcome.at().toString());
        return record;
    }

    private static void describe(Headers headers, String id, String type, String time) {
        put(headers, "ce_specversion", "1.0");
        put(headers, "ce_id", id);
        put(headers, "ce_type", type);
        put(headers, "ce_source", "/lethe");
        put(headers, "ce_time", time);
        put(headers, "content-type", "application/json");
    }

    private static void put(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
