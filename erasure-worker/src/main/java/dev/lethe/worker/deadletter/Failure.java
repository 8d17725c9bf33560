package dev.lethe.worker.deadletter;

import dev.lethe.events.TopicDefinition;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Why a record was not done, as the headers of its retries and of its dead letter say. Where it comes from and when it first
 * failed stay the same over all attempts. Codes and coordinates only: no message of any driver, no stack trace.
 *
 * @param origin where the record stood first
 * @param group the consumer group that took it from there
 * @param store the store that did not do it
 * @param attempt the attempt that failed, from 1
 * @param firstFailedAt when the first attempt failed
 * @param code why the last one did
 */
public record Failure(Origin origin, String group, String store, int attempt, Instant firstFailedAt, String code) {
    private static final String PREFIX = "__erasure.errors.";
    private static final String TOPIC = PREFIX + "topic";
    private static final String PARTITION = PREFIX + "partition";
    private static final String OFFSET = PREFIX + "offset";
    private static final String TIMESTAMP = PREFIX + "timestamp";
    private static final String GROUP = PREFIX + "group";
    private static final String STORE = PREFIX + "store";
    private static final String ATTEMPT = PREFIX + "attempt";
    private static final String FIRST_FAILED_AT = PREFIX + "first-failed-at";
    private static final String CODE = PREFIX + "code";
    private static final String DUE_AT = "due-at";

    /** Where a record stood: the broker's coordinates and its clock. */
    public record Origin(String topic, int partition, long offset, Instant timestamp) {}

    /** The failure of a record just read, which may be the retry of an earlier one. */
    public static Failure of(
            ConsumerRecord<String, byte[]> record, String group, String store, String code, Instant now) {
        Failure earlier = read(record.headers());
        if (earlier != null) {
            return new Failure(earlier.origin, earlier.group, store, earlier.attempt + 1, earlier.firstFailedAt, code);
        }
        var origin = new Origin(
                record.topic(), record.partition(), record.offset(), Instant.ofEpochMilli(record.timestamp()));
        return new Failure(origin, group, store, 1, now, code);
    }

    /** Which attempt a record just read is, from 1. */
    public static int attemptOf(ConsumerRecord<String, byte[]> record) {
        Failure earlier = read(record.headers());
        return earlier == null ? 1 : earlier.attempt + 1;
    }

    /** How long the record has been failing. */
    public Duration age(Instant now) {
        return Duration.between(firstFailedAt, now);
    }

    /** The record as it goes to the store's retry topic. */
    public ProducerRecord<String, byte[]> retry(ConsumerRecord<String, byte[]> record, Instant dueAt) {
        ProducerRecord<String, byte[]> retry = copy(record, TopicDefinition.retry(store), record.key());
        put(retry.headers(), DUE_AT, Long.toString(dueAt.toEpochMilli()));
        return retry;
    }

    /** The record as it goes to the dead letters; the entry stays until somebody closes it. */
    public ProducerRecord<String, byte[]> deadLetter(ConsumerRecord<String, byte[]> record, String requestId) {
        return copy(record, TopicDefinition.DEAD_LETTERS, requestId + "/" + store);
    }

    /** The same for a record that can't be read: its coordinates stand for the request. */
    public ProducerRecord<String, byte[]> deadLetter(ConsumerRecord<String, byte[]> record) {
        return deadLetter(record, origin.topic + "-" + origin.partition + "-" + origin.offset);
    }

    private ProducerRecord<String, byte[]> copy(
            ConsumerRecord<String, byte[]> record, String topic, @Nullable String key) {
        // Without a value it would be a tombstone, and close the entry that it opens.
        byte[] value = record.value() == null ? new byte[0] : record.value();
        var copy = new ProducerRecord<>(topic, key, value);
        for (Header header : record.headers()) {
            if (!header.key().startsWith(PREFIX) && !header.key().equals(DUE_AT)) {
                copy.headers().add(header);
            }
        }
        put(copy.headers(), TOPIC, origin.topic);
        put(copy.headers(), PARTITION, Integer.toString(origin.partition));
        put(copy.headers(), OFFSET, Long.toString(origin.offset));
        put(copy.headers(), TIMESTAMP, Long.toString(origin.timestamp.toEpochMilli()));
        put(copy.headers(), GROUP, group);
        put(copy.headers(), STORE, store);
        put(copy.headers(), ATTEMPT, Integer.toString(attempt));
        put(copy.headers(), FIRST_FAILED_AT, Long.toString(firstFailedAt.toEpochMilli()));
        put(copy.headers(), CODE, code);
        return copy;
    }

    /** The failure that a retry or a dead letter tells of; null for a record that has never failed, or tells nonsense. */
    public static @Nullable Failure read(Headers headers) {
        try {
            var origin = new Origin(
                    text(headers, TOPIC),
                    (int) number(headers, PARTITION),
                    number(headers, OFFSET),
                    Instant.ofEpochMilli(number(headers, TIMESTAMP)));
            return new Failure(
                    origin,
                    text(headers, GROUP),
                    text(headers, STORE),
                    (int) number(headers, ATTEMPT),
                    Instant.ofEpochMilli(number(headers, FIRST_FAILED_AT)),
                    text(headers, CODE));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static long number(Headers headers, String name) {
        return Long.parseLong(text(headers, name));
    }

    private static String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        if (header == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return new String(header.value(), StandardCharsets.UTF_8);
    }

    private static void put(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
