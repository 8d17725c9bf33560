package dev.lethe.worker.app;

import dev.lethe.cli.Age;
import dev.lethe.events.ErasureRequest;
import dev.lethe.events.EventRecords;
import dev.lethe.worker.deadletter.DeadLetter;
import dev.lethe.worker.deadletter.Explanation;
import dev.lethe.worker.deadletter.Failure;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** What may be printed of a dead letter: its headers and the clear fields of its request. */
record DeadLetterView(
        String key,
        String store,
        String code,
        int attempts,
        Instant firstFailedAt,
        long ageSeconds,
        boolean redriven,
        @Nullable Origin origin,
        @Nullable String group,
        @Nullable UUID requestId,
        @Nullable String subjectKey,
        @Nullable Instant requestedAt,
        @Nullable Instant dueBy,
        @Nullable String trigger,
        @Nullable UUID tenantId,
        @Nullable String traceparent,
        int bytes,
        @Nullable String meaning,
        @Nullable String remedy) {

    /** Where the record stood first. */
    record Origin(String topic, int partition, long offset, Instant timestamp) {
        String place() {
            return topic + "-" + partition + "@" + offset;
        }
    }

    static DeadLetterView of(DeadLetter letter, boolean redriven, Instant now) {
        Failure failure = letter.failure();
        ErasureRequest request = letter.request();
        return new DeadLetterView(
                letter.key(),
                letter.store(),
                letter.code(),
                letter.attempts(),
                letter.firstFailedAt().truncatedTo(ChronoUnit.SECONDS),
                letter.age(now).toSeconds(),
                redriven,
                failure == null
                        ? null
                        : new Origin(
                                failure.origin().topic(),
                                failure.origin().partition(),
                                failure.origin().offset(),
                                failure.origin().timestamp()),
                failure == null ? null : failure.group(),
                request == null ? null : request.requestId(),
                request == null ? null : request.subject().key().value(),
                request == null ? null : request.requestedAt().truncatedTo(ChronoUnit.SECONDS),
                request == null ? null : request.dueBy().truncatedTo(ChronoUnit.SECONDS),
                request == null
                        ? null
                        : request.trigger().source() + " " + request.trigger().type(),
                request == null ? null : request.trigger().tenantId(),
                text(letter.record().headers().lastHeader(EventRecords.TRACEPARENT)),
                letter.record().value().length,
                null,
                null);
    }

    DeadLetterView explained(Explanation by) {
        return new DeadLetterView(
                key,
                store,
                code,
                attempts,
                firstFailedAt,
                ageSeconds,
                redriven,
                origin,
                group,
                requestId,
                subjectKey,
                requestedAt,
                dueBy,
                trigger,
                tenantId,
                traceparent,
                bytes,
                by.meaning(),
                by.remedy());
    }

    /** The same by name, for people; without what is absent. */
    Map<String, String> details() {
        var details = new LinkedHashMap<String, String>();
        put(details, "key", key);
        put(details, "state", redriven ? "redriven; its store has yet to take it" : "open");
        put(details, "store", store);
        put(details, "code", code);
        put(details, "attempts", attempts);
        put(details, "first failed", firstFailedAt + " (" + Age.of(Duration.ofSeconds(ageSeconds)) + " ago)");
        put(details, "origin", origin == null ? null : origin.place() + " of " + origin.timestamp());
        put(details, "consumer group", group);
        put(details, "request", requestId == null ? "can't be read (" + bytes + " bytes)" : requestId);
        put(details, "subject key", subjectKey);
        put(details, "requested", requestedAt);
        put(details, "due by", dueBy);
        put(details, "trigger", trigger);
        put(details, "tenant", tenantId);
        put(details, "traceparent", traceparent);
        return details;
    }

    private static void put(Map<String, String> details, String name, @Nullable Object value) {
        if (value != null) {
            details.put(name, value.toString());
        }
    }

    private static @Nullable String text(@Nullable Header header) {
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
