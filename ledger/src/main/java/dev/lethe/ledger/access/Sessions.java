package dev.lethe.ledger.access;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Who is signed in; in memory, so that a restart signs everybody out. Safe for any thread. */
final class Sessions {
    private static final int ID_BYTES = 32;
    private static final int MOST = 10_000;

    private final SecureRandom random = new SecureRandom();
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();
    private final Duration idle;
    private final Duration most;
    private final InstantSource clock;

    /**
     * @param idle how long one lasts that is not in use
     * @param most how long one lasts at most
     */
    Sessions(Duration idle, Duration most, InstantSource clock) {
        this.idle = idle;
        this.most = most;
        this.clock = clock;
    }

    /** Begins one, under a new id, which is returned and is all that a browser needs. */
    String begin(Person person) {
        Instant now = clock.instant();
        sessions.values().removeIf(session -> isOver(session, now));
        if (sessions.size() >= MOST) {
            sessions.entrySet().stream()
                    .min(Comparator.comparing(entry -> entry.getValue().used()))
                    .ifPresent(oldest -> sessions.remove(oldest.getKey()));
        }
        String id = secret();
        sessions.put(id, new Session(person, secret(), now, now));
        return id;
    }

    /** The session of that id, which is in use from now on again. */
    Optional<Session> find(String id) {
        Instant now = clock.instant();
        return Optional.ofNullable(
                sessions.computeIfPresent(id, (same, session) -> isOver(session, now) ? null : session.usedAt(now)));
    }

    /** The session of that id, without that it counts as use. */
    Optional<Session> look(String id) {
        Instant now = clock.instant();
        return Optional.ofNullable(sessions.get(id)).filter(session -> !isOver(session, now));
    }

    void end(String id) {
        sessions.remove(id);
    }

    /** 256 bits that nobody can guess. */
    String secret() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private boolean isOver(Session session, Instant now) {
        return !now.isBefore(session.used().plus(idle))
                || !now.isBefore(session.begun().plus(most));
    }
}
