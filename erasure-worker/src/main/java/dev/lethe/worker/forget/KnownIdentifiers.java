package dev.lethe.worker.forget;

import dev.lethe.events.Codec;
import dev.lethe.events.Keys;
import dev.lethe.events.Subject;
import dev.lethe.events.SubjectKey;
import dev.lethe.events.TopicDefinition;
import dev.lethe.events.UnreadableRecordException;
import dev.lethe.worker.log.NewestRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * What a person can be looked up by: what was given, and what the person's newest request in the log holds.
 *
 * @param subject the person with all of it
 * @param source where it is from, without any value
 * @param problem why something may be missing; empty if nothing is
 */
public record KnownIdentifiers(Subject subject, String source, Optional<String> problem) {
    /**
     * Looks the person up in the log, which takes as long as reading it takes.
     *
     * @param given identifiers by name, which add to those in the log
     */
    public static KnownIdentifiers of(
            String userId,
            @Nullable String tenantId,
            Map<String, List<String>> given,
            Keys keys,
            Supplier<Consumer<String, byte[]>> consumers) {
        SubjectKey key = keys.subjectKey(tenantId, userId);
        var typed = new Subject(key, userId, tenantId, given);
        try (Consumer<String, byte[]> consumer = consumers.get()) {
            Optional<ConsumerRecord<String, byte[]>> newest = NewestRequest.of(key, TopicDefinition.REQUESTS, consumer);
            if (newest.isEmpty()) {
                return new KnownIdentifiers(
                        typed,
                        "the command line; the log has no request for this person"
                                + (tenantId == null ? " without a tenant (--tenant)" : " in this tenant"),
                        Optional.empty());
            }
            Subject logged = keys.open(Codec.decodeRequest(newest.get().value()));
            return new KnownIdentifiers(
                    logged.mergedWith(typed), "the command line and the newest request in the log", Optional.empty());
        } catch (UnreadableRecordException e) {
            return incomplete(typed, "the person's newest request in the log can't be read: " + e.reason());
        } catch (KafkaException e) {
            return incomplete(typed, "the log can't be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    private static KnownIdentifiers incomplete(Subject typed, String reason) {
        // Whoever names identifiers has said by what to look.
        boolean named = !typed.identifiers().isEmpty();
        return new KnownIdentifiers(
                typed,
                "the command line; " + reason,
                named
                        ? Optional.empty()
                        : Optional.of(
                                reason + ", so identifiers may be missing; name them with --identifier NAME=VALUE"));
    }
}
