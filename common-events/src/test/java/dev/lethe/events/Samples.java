package dev.lethe.events;

import dev.lethe.events.Outcome.Action;
import dev.lethe.events.Outcome.Maker;
import dev.lethe.events.Outcome.Status;
import dev.lethe.events.Outcome.TargetOutcome;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** One of each, with every optional field, for tests in which any will do. */
final class Samples {
    static final Keys KEYS = Keys.create();

    static final String USER = "0f8b7c1e-6f0e-4a2b-9d53-5a1f7c2e9b10";
    static final String TENANT = "7d0d2c55-8f2a-4f4e-8b34-0f9a2c3d4e5f";

    static final Subject SUBJECT = new Subject(
            KEYS.subjectKey(TENANT, USER),
            USER,
            TENANT,
            Map.of("email", List.of("ann@one.example", "ann@two.example")));

    static final Trigger TRIGGER = new Trigger(
            "fusionauth",
            "user.delete",
            UUID.fromString("5f0c4a8e-8a65-4a43-a3ea-0a6e7a3f6a11"),
            UUID.fromString(TENANT),
            Instant.parse("2026-03-01T10:15:29Z"));

    static final ErasureRequest REQUEST = sealedBy(KEYS);

    static final Outcome OUTCOME = new Outcome(
            REQUEST.requestId(),
            SUBJECT.key(),
            "shop-db",
            Outcome.ERASE,
            Instant.parse("2026-03-01T10:15:31Z"),
            2,
            Status.FAILED,
            Outcome.DISCARDED,
            "the shop was closed, and its database with it",
            List.of(
                    TargetOutcome.deleted("orders", 6),
                    new TargetOutcome("invoices", Action.RETAIN, 1, "tax law", Instant.parse("2036-03-01T00:00:00Z"))),
            new Maker("1.2.3", "sha256:" + "0123456789abcdef".repeat(4)));

    private Samples() {}

    static ErasureRequest sealedBy(Keys keys) {
        return keys.seal(
                TRIGGER.eventId(),
                Instant.parse("2026-03-01T10:15:30.123456Z"),
                Instant.parse("2026-04-01T10:15:30.123456Z"),
                TRIGGER,
                SUBJECT);
    }
}
