package dev.lethe.ledger.intake;

import dev.lethe.events.ErasureRequest;
import dev.lethe.events.Keys;
import dev.lethe.events.Subject;
import dev.lethe.events.SubjectKey;
import dev.lethe.events.Trigger;
import dev.lethe.kafka.RequestLog;
import java.time.Instant;
import java.time.InstantSource;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes erasures that no identity provider announces, such as those that somebody asks for in a letter, into the same log and
 * with the same acknowledgement as the ingress. Safe for any thread.
 */
public final class Intake {
    /** Longer than the log itself takes to say yes or no. */
    private static final long PATIENCE_MILLIS = 3_000;

    private static final Logger log = LoggerFactory.getLogger(Intake.class);

    private final Keys keys;
    private final RequestLog requests;
    private final InstantSource clock;
    private final Period dueWithin;

    /** @param dueWithin how long an erasure may take */
    public Intake(Keys keys, RequestLog requests, InstantSource clock, Period dueWithin) {
        this.keys = keys;
        this.requests = requests;
        this.clock = clock;
        this.dueWithin = dueWithin;
    }

    /** The pseudonym of a person; made in memory, and the only trace that a look for them leaves. */
    public SubjectKey subjectKey(@Nullable String tenantId, String userId) {
        return keys.subjectKey(tenantId, userId);
    }

    /** Somebody's request as it goes into the log. */
    public ErasureRequest seal(
            UUID id,
            String source,
            @Nullable String tenantId,
            String userId,
            Map<String, List<String>> identifiers,
            @Nullable Instant askedAt) {
        return seal(id, trigger(source, "erasure", id, tenantId, askedAt), tenantId, userId, identifiers);
    }

    /** What a request is asked for by, as the log has it: a tenant is named there if its id is a UUID, as those of FusionAuth are. */
    public static Trigger trigger(
            String source, String type, UUID eventId, @Nullable String tenantId, @Nullable Instant askedAt) {
        return new Trigger(source, type, eventId, uuidOrNull(tenantId), askedAt);
    }

    /** Somebody's request as it goes into the log. */
    public ErasureRequest seal(
            UUID id, Trigger trigger, @Nullable String tenantId, String userId, Map<String, List<String>> identifiers) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var subject = new Subject(keys.subjectKey(tenantId, userId), userId, tenantId, identifiers);
        return keys.seal(id, now, now.atOffset(ZoneOffset.UTC).plus(dueWithin).toInstant(), trigger, subject);
    }

    /**
     * Puts a request into the log, and returns once it is committed. To do so twice is the same as once.
     *
     * @throws NotCommittedException if it is not known to be; it may be in the log all the same
     */
    public void publish(ErasureRequest request) throws NotCommittedException, InterruptedException {
        try {
            requests.append(request, null).get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            log.info(
                    "Accepted {} of subject {}",
                    request.requestId(),
                    request.subject().key());
        } catch (ExecutionException | TimeoutException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            log.warn(
                    "Not committed in time: {}: {}",
                    request.requestId(),
                    cause.getClass().getSimpleName());
            throw new NotCommittedException();
        }
    }

    private static @Nullable UUID uuidOrNull(@Nullable String text) {
        try {
            return text == null ? null : UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
