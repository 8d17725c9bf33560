package dev.lethe.ledger;

import dev.lethe.events.Outcome;
import dev.lethe.events.Outcome.Status;
import dev.lethe.events.Outcome.TargetOutcome;
import dev.lethe.events.SubjectKey;
import dev.lethe.ledger.journal.JournalCodec;
import dev.lethe.ledger.journal.JournalEntry;
import dev.lethe.ledger.journal.JournalEntry.Announced;
import dev.lethe.ledger.journal.JournalEntry.CalledBack;
import dev.lethe.ledger.journal.JournalEntry.DeadLetterClosed;
import dev.lethe.ledger.journal.JournalEntry.DeadLettered;
import dev.lethe.ledger.journal.JournalEntry.Held;
import dev.lethe.ledger.journal.JournalEntry.Released;
import dev.lethe.ledger.journal.JournalEntry.Requested;
import dev.lethe.ledger.journal.JournalEntry.Settled;
import dev.lethe.ledger.journal.JournalEntry.Withdrawn;
import dev.lethe.ledger.journal.JournalRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** What can happen to requests, made up at random: a list for each topic's partition, in which the order is fixed. */
public final class Histories {
    public static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    public static final List<String> STORES = List.of("newsletter", "sessions", "shop-db");

    public static final List<String> CALLBACKS = List.of("0123456789abcdefghijkl", "mnopqrstuvwxyz01234567");

    private Histories() {}

    public static UUID requestId(int number) {
        return new UUID(0x4000L | (long) number << 16, 0x8000_0000_0000_0000L | number);
    }

    public static SubjectKey subject(int number) {
        return new SubjectKey("subject_%014d".formatted(number));
    }

    /** One list for each topic and key: in that order they come, whatever comes between. */
    public static List<List<JournalEntry>> of(long seed, int requests) {
        var random = new Random(seed);
        var streams = new ArrayList<List<JournalEntry>>();
        for (int i = 0; i < requests; i++) {
            request(i, random, streams);
        }
        return streams;
    }

    private static void request(int number, Random random, List<List<JournalEntry>> streams) {
        UUID id = requestId(number);
        Instant at = START.plusSeconds(random.nextInt(500_000));
        boolean isHeld = random.nextInt(4) == 0;
        if (isHeld) {
            streams.add(List.of(held(number, at)));
            boolean isWithdrawn = random.nextInt(3) == 0;
            streams.add(rulings(id, at.plusSeconds(3600), isWithdrawn, random.nextBoolean()));
            streams.add(calledBack(id, at.plusSeconds(4000), random));
            if (isWithdrawn) {
                return;
            }
        }
        boolean isAnnounced = !isHeld && random.nextInt(3) == 0;
        if (isAnnounced) {
            streams.add(List.of(new Announced(
                    id, subject(number), at, at, at.plus(Duration.ofDays(30)), "fusionauth", "user.delete")));
            if (random.nextInt(4) == 0) {
                streams.add(List.of(
                        new Settled(outcome(number, "confirm", "confirm", at.plusSeconds(300), Status.WITHDRAWN))));
                return;
            }
        }
        if (random.nextInt(20) > 0) {
            var requested = new Requested(
                    id,
                    subject(number),
                    at.plusSeconds(isAnnounced ? 30 : 0),
                    at,
                    at.plus(Duration.ofDays(30)),
                    isHeld ? "opendsr.acme" : "fusionauth",
                    isHeld ? "erasure.gdpr" : "user.delete",
                    STORES);
            streams.add(random.nextInt(10) == 0 ? List.of(requested, requested) : List.of(requested));
        }
        for (String store : STORES) {
            switch (random.nextInt(6)) {
                case 0 -> {}
                case 1 -> {
                    Instant failedAt = at.plusSeconds(500);
                    String key = id + "/" + store;
                    boolean isMended = random.nextBoolean();
                    streams.add(
                            isMended
                                    ? List.of(
                                            new DeadLettered(key, failedAt, id, store, "CONFLICT", 3, at),
                                            new DeadLetterClosed(key, failedAt.plusSeconds(50), id, null, null))
                                    : List.of(new DeadLettered(key, failedAt, id, store, "CONFLICT", 3, at)));
                    Settled failed = new Settled(outcome(number, store, "erase", failedAt, Status.FAILED));
                    streams.add(
                            isMended
                                    ? List.of(
                                            failed,
                                            new Settled(outcome(
                                                    number, store, "erase", failedAt.plusSeconds(50), Status.ERASED)))
                                    : List.of(failed));
                }
                case 2 -> {
                    streams.add(
                            List.of(new Settled(outcome(number, store, "erase", at.plusSeconds(5), Status.ERASED))));
                    streams.add(List.of(new Settled(
                            outcome(number, store, "sweep-1h", at.plusSeconds(3605), Status.RESIDUE_ERASED))));
                }
                case 3 ->
                    streams.add(
                            List.of(new Settled(outcome(number, store, "erase", at.plusSeconds(7), Status.RETAINED))));
                default -> {
                    Settled erased = new Settled(
                            outcome(number, store, "erase", at.plusSeconds(2 + random.nextInt(9)), Status.ERASED));
                    streams.add(random.nextInt(8) == 0 ? List.of(erased, erased) : List.of(erased));
                }
            }
        }
    }

    /** A request of OpenDSR that can be withdrawn for an hour. */
    public static Held held(int number, Instant at) {
        return new Held(
                requestId(number),
                subject(number),
                at,
                at,
                at.plus(Duration.ofDays(30)),
                "opendsr.acme",
                "erasure.gdpr",
                new UUID(number, number),
                at.plusSeconds(3600),
                CALLBACKS);
    }

    /** What was decided, and what came too late to be. */
    private static List<JournalEntry> rulings(UUID id, Instant at, boolean isWithdrawn, boolean isTried) {
        var withdrawn = new Withdrawn(id, at, "opendsr.acme");
        var released = new Released(id, at.plusSeconds(1));
        if (isWithdrawn) {
            return isTried ? List.of(withdrawn, released) : List.of(withdrawn);
        }
        return isTried ? List.of(released, withdrawn, released) : List.of(released);
    }

    private static List<JournalEntry> calledBack(UUID id, Instant at, Random random) {
        var all = new ArrayList<JournalEntry>();
        for (int change = 1; change <= random.nextInt(3); change++) {
            all.add(new CalledBack(id, at.plusSeconds(change), CALLBACKS.getFirst(), change, random.nextBoolean()));
        }
        return all;
    }

    public static Outcome outcome(int number, String store, String run, Instant at, Status status) {
        return new Outcome(
                requestId(number),
                subject(number),
                store,
                run,
                at,
                1,
                status,
                status == Status.FAILED ? "CONFLICT" : null,
                switch (status) {
                    case ERASED, RESIDUE_ERASED ->
                        List.of(TargetOutcome.deleted("orders", number % 7), TargetOutcome.deleted("customers", 1));
                    case RETAINED ->
                        List.of(
                                TargetOutcome.deleted("orders", 2),
                                TargetOutcome.retained("invoices", 3, "tax law", at.plus(Duration.ofDays(3650))));
                    default -> List.of();
                });
    }

    /** All of them in one order, as the journal has them: at random, but for the order within each list. */
    public static List<JournalEntry> interleaved(List<List<JournalEntry>> streams, long seed) {
        var random = new Random(seed);
        var positions = new int[streams.size()];
        var turns = new ArrayList<Integer>();
        for (int stream = 0; stream < streams.size(); stream++) {
            for (int i = 0; i < streams.get(stream).size(); i++) {
                turns.add(stream);
            }
        }
        java.util.Collections.shuffle(turns, random);
        var all = new ArrayList<JournalEntry>();
        turns.forEach(stream -> all.add(streams.get(stream).get(positions[stream]++)));
        return all;
    }

    /** As records of the journal, from that offset on. */
    public static List<JournalRecord> records(List<JournalEntry> entries, long offset) {
        var records = new ArrayList<JournalRecord>();
        for (JournalEntry entry : entries) {
            records.add(new JournalRecord(offset + records.size(), START, false, JournalCodec.encode(entry)));
        }
        return records;
    }
}
