package dev.lethe.worker.deadletter;

import dev.lethe.events.SubjectKey;
import dev.lethe.events.TopicDefinition;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
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
 * @param redriven the key of the dead letter that this retry was redriven from; null for any other
 */
public record Failure(
        Origin origin,
        String group,
        String store,
        int attempt,
        Instant firstFailedAt,
        String code,
        @Nullable String redriven) {
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
    private static final String REDRIVEN = PREFIX + "redriven";
    private static final String DUE_AT = "due-at";

    /** Where a record stood: the broker's coordinates and its clock. */
    public record Origin(String topic, int partition, long offset, Instant timestamp) {}

    /** The failure of a record just read, which may be the retry of an earlier one. */
    public static Failure of(
            ConsumerRecord<String, byte[]> record, String group, String store, String code, Instant now) {
        Failure earlier = read(record.headers());
        if (earlier != null) {
            return new Failure(
                    earlier.origin,
                    earlier.group,
                    store,
                    earlier.attempt + 1,
                    earlier.firstFailedAt,
                    code,
                    earlier.redriven);
        }
        var origin = new Origin(
                record.topic(), record.partition(), record.offset(), Instant.ofEpochMilli(record.timestamp()));
        return new Failure(origin, group, store, 1, now, code, null);
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
        if (redriven != null) {
            put(retry.headers(), REDRIVEN, redriven);
        }
        return retry;
    }

    /**
     * A dead letter as it goes back to the store's retry topic. It counts as failing from now on: by its first failure, it
     * would be given up at the next. The dead letter stays open until the retry {@linkplain #closing closes} it.
     */
    public ProducerRecord<String, byte[]> redrive(
            ConsumerRecord<String, byte[]> deadLetter, SubjectKey subject, Instant now, Instant dueAt) {
        var redrive = new Failure(origin, group, store, attempt, now, code, deadLetter.key());
        ProducerRecord<String, byte[]> retry = redrive.retry(deadLetter, dueAt);
        return new ProducerRecord<>(retry.topic(), null, subject.value(), retry.value(), retry.headers());
    }

    /**
     * What closes the dead letter that a record was redriven from, once the record is done; empty if it was not redriven.
     *
     * @param successor the key of the dead letter that takes its place, if the record is given up again; under the same key
     *     it replaces the old one by itself
     */
    public static Optional<ProducerRecord<String, byte[]>> closing(
            ConsumerRecord<String, byte[]> record, @Nullable String successor) {
        Failure earlier = read(record.headers());
        String redriven = earlier == null ? null : earlier.redriven;
        return redriven == null || redriven.equals(successor) ? Optional.empty() : Optional.of(tombstone(redriven));
    }

    /** What closes a dead letter. */
    public static ProducerRecord<String, byte[]> tombstone(String key) {
        return new ProducerRecord<>(TopicDefinition.DEAD_LETTERS, key, null);
    }

    /** The record as it goes to the dead letters; the entry stays until somebody closes it. */
    public ProducerRecord<String, byte[]> deadLetter(ConsumerRecord<String, byte[]> record, String requestId) {
        return copy(record, TopicDefinition.DEAD_LETTERS, requestId + "/" + store);
    }

    /** The same for a record that can't be read: its coordinates stand for the request. */
    public ProducerRecord<String, byte[]> deadLetter(ConsumerRecord<String, byte[]> record) {
        return deadLetter(record, origin.topic + "-" + origin.partition + "-" + origin.offset);
    }

    /** The record as it was before it ever failed, for another topic. */
    public static ProducerRecord<String, byte[]> forgotten(ConsumerRecord<String, byte[]> record, String topic) {
        var copy = new ProducerRecord<>(topic, record.key(), record.value());
        for (Header header : record.headers()) {
            if (!isOurs(header)) {
                copy.headers().add(header);
            }
        }
        return FirstRun.forget(copy);
    }

    private static boolean isOurs(Header header) {
        return header.key().startsWith(PREFIX) || header.key().equals(DUE_AT);
    }

    private ProducerRecord<String, byte[]> copy(
            ConsumerRecord<String, byte[]> record, String topic, @Nullable String key) {
        // Without a value it would be a tombstone, and close the entry that it opens.
        byte[] value = record.value() == null ? new byte[0] : record.value();
        var copy = new ProducerRecord<>(topic, key, value);
        for (Header header : record.headers()) {
            if (!isOurs(header)) {
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
                    number(headers, PARTITION, 0),
                    number(headers, OFFSET),
                    Instant.ofEpochMilli(number(headers, TIMESTAMP)));
            return new Failure(
                    origin,
                    text(headers, GROUP),
                    text(headers, STORE),
                    number(headers, ATTEMPT, 1),
                    Instant.ofEpochMilli(number(headers, FIRST_FAILED_AT)),
                    text(headers, CODE),
                    headers.lastHeader(REDRIVEN) == null ? null : text(headers, REDRIVEN));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static long number(Headers headers, String name) {
        return Long.parseLong(text(headers, name));
    }

    /** Leaves room for one more. */
    private static int number(Headers headers, String name, int least) {
        int number = Integer.parseInt(text(headers, name));
        if (number < least || number == Integer.MAX_VALUE) {
            throw new IllegalArgumentException(name + " is out of range");
        }
        return number;
    }

    private static String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        if (header == null || header.value() == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return new String(header.value(), StandardCharsets.UTF_8);
    }

    private static void put(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
