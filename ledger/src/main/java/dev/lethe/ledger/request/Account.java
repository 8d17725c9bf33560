package dev.lethe.ledger.request;

import dev.lethe.events.Outcome;
import dev.lethe.events.Outcome.Status;
import dev.lethe.events.SubjectKey;
import dev.lethe.ledger.journal.JournalEntry;
import dev.lethe.ledger.journal.JournalEntry.Acted;
import dev.lethe.ledger.journal.JournalEntry.Announced;
import dev.lethe.ledger.journal.JournalEntry.CalledBack;
import dev.lethe.ledger.journal.JournalEntry.DeadLetterClosed;
import dev.lethe.ledger.journal.JournalEntry.DeadLettered;
import dev.lethe.ledger.journal.JournalEntry.Held;
import dev.lethe.ledger.journal.JournalEntry.Released;
import dev.lethe.ledger.journal.JournalEntry.Requested;
import dev.lethe.ledger.journal.JournalEntry.Settled;
import dev.lethe.ledger.journal.JournalEntry.Withdrawn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What became of a request, worked out from all of its entries: by the projection, for a certificate, and by whoever verifies one. Only
 * the order of entries of one store and run counts, which is that of their topic; so it is the same in whatever order the topics
 * were read. And whether a request was released or withdrawn first, which nobody but the journal says.
 *
 * @param stores by name
 */
public record Account(RequestRow request, List<StoreRow> stores) {
    public Account {
        stores = List.copyOf(stores);
    }

    /**
     * @param entries those of one request, in the order of the journal
     * @return empty if none of them tells whose request it is
     */
    public static Optional<Account> of(UUID requestId, Collection<JournalEntry> entries) {
        var sorted = new Sorted();
        entries.forEach(sorted::add);
        return sorted.account(requestId);
    }

    /** When a request was received, and when it is due. */
    private record Receipt(SubjectKey subjectKey, Instant requestedAt, Instant dueBy, String source) {}

    private static final class Sorted {
        private final List<Receipt> receipts = new ArrayList<>();
        private final Map<String, StoreOutcomes> stores = new TreeMap<>();
        private final List<Instant> announced = new ArrayList<>();
        private final List<Instant> accepted = new ArrayList<>();
        private final List<Instant> all = new ArrayList<>();
        private @Nullable Outcome confirmation;
        private @Nullable SubjectKey subject;
        /** The first of {@link Released} and {@link Withdrawn}. */
        private @Nullable JournalEntry ruling;

        void add(JournalEntry entry) {
            switch (entry) {
                case Announced it -> {
                    announced.add(it.at());
                    receipts.add(new Receipt(it.subjectKey(), it.requestedAt(), it.dueBy(), it.source()));
                }
                case Requested it -> {
                    accepted.add(it.at());
                    receipts.add(new Receipt(it.subjectKey(), it.requestedAt(), it.dueBy(), it.source()));
                    it.stores().forEach(this::store);
                }
                case Settled it -> add(it.outcome());
                case DeadLettered it -> all.add(it.at());
                case DeadLetterClosed it -> all.add(it.at());
                case Held it -> receipts.add(new Receipt(it.subjectKey(), it.requestedAt(), it.dueBy(), it.source()));
                case Released it -> rule(it);
                case Withdrawn it -> rule(it);
                case Acted it -> {}
                case CalledBack it -> {}
            }
        }

        private void rule(JournalEntry entry) {
            if (ruling == null) {
                ruling = entry;
                all.add(entry.at());
            }
        }

        private void add(Outcome outcome) {
            all.add(outcome.at());
            subject = outcome.subjectKey();
            if (outcome.store().equals(Outcome.CONFIRM)) {
                confirmation = outcome;
            } else {
                store(outcome.store()).add(outcome);
            }
        }

        private StoreOutcomes store(String name) {
            return stores.computeIfAbsent(name, StoreOutcomes::new);
        }

        Optional<Account> account(UUID requestId) {
            Optional<Receipt> receipt = receipts.stream()
                    .min(Comparator.comparing(Receipt::requestedAt).thenComparing(Receipt::dueBy));
            SubjectKey key = receipt.map(Receipt::subjectKey).orElse(subject);
            if (key == null) {
                return Optional.empty();
            }
            List<StoreRow> rows =
                    stores.values().stream().map(StoreOutcomes::row).toList();
            RequestStatus status = status(rows);
            List<Instant> known = Stream.of(
                            announced.stream(),
                            accepted.stream(),
                            all.stream(),
                            receipts.stream().map(Receipt::requestedAt))
                    .flatMap(instants -> instants)
                    .sorted()
                    .toList();
            return Optional.of(new Account(
                    new RequestRow(
                            requestId,
                            key,
                            status,
                            receipt.map(Receipt::requestedAt).orElse(known.getFirst()),
                            receipt.map(Receipt::dueBy).orElse(null),
                            receipt.map(Receipt::source).orElse(null),
                            first(announced),
                            first(accepted),
                            settledAt(status, rows),
                            rows.size(),
                            (int) rows.stream()
                                    .filter(row -> row.state().isSettled())
                                    .count(),
                            has(rows, StoreState.FAILED),
                            has(rows, StoreState.RETAINED),
                            has(rows, StoreState.GIVEN_UP) || (status == RequestStatus.CANCELLED && isDiscarded()),
                            rows.stream().mapToLong(StoreRow::items).sum(),
                            known.getLast()),
                    rows));
        }

        private RequestStatus status(List<StoreRow> rows) {
            if (accepted.isEmpty() && rows.isEmpty() && (confirmation != null || ruling instanceof Withdrawn)) {
                return RequestStatus.CANCELLED;
            }
            if (rows.stream().allMatch(row -> row.lastAt() == null)) {
                return ruling instanceof Released ? RequestStatus.IN_PROGRESS : RequestStatus.PENDING;
            }
            return rows.stream().allMatch(row -> row.state().isSettled())
                    ? RequestStatus.COMPLETED
                    : RequestStatus.IN_PROGRESS;
        }

        private @Nullable Instant settledAt(RequestStatus status, List<StoreRow> rows) {
            return switch (status) {
                case PENDING, IN_PROGRESS -> null;
                case CANCELLED ->
                    ruling instanceof Withdrawn
                            ? ruling.at()
                            : Objects.requireNonNull(confirmation).at();
                case COMPLETED ->
                    rows.stream()
                            .map(StoreRow::settledAt)
                            .filter(Objects::nonNull)
                            .max(Comparator.naturalOrder())
                            .orElseThrow();
            };
        }

        private boolean isDiscarded() {
            return confirmation != null && Outcome.DISCARDED.equals(confirmation.code());
        }

        private static boolean has(List<StoreRow> rows, StoreState state) {
            return rows.stream().anyMatch(row -> row.state() == state);
        }

        private static @Nullable Instant first(List<Instant> instants) {
            return instants.stream().min(Comparator.naturalOrder()).orElse(null);
        }
    }

    /** The outcomes of one store. */
    private static final class StoreOutcomes {
        private final String store;
        private final List<Outcome> all = new ArrayList<>();
        /** The last of each run, which is the one that counts. */
        private final Map<String, Outcome> byRun = new TreeMap<>();

        StoreOutcomes(String store) {
            this.store = store;
        }

        void add(Outcome outcome) {
            all.add(outcome);
            byRun.put(outcome.run(), outcome);
        }

        StoreRow row() {
            Optional<Outcome> decisive = byRun.values().stream()
                    .filter(StoreOutcomes::decides)
                    .max(Comparator.comparing(Outcome::at).thenComparing(Outcome::run));
            StoreState state = decisive.map(StoreOutcomes::stateOf).orElse(StoreState.WAITING);
            return new StoreRow(
                    store,
                    state,
                    all.stream().mapToLong(Account::items).sum(),
                    state.isSettled()
                            ? all.stream()
                                    .filter(outcome ->
                                            decides(outcome) && stateOf(outcome).isSettled())
                                    .map(Outcome::at)
                                    .min(Comparator.naturalOrder())
                                    .orElse(null)
                            : null,
                    all.stream().map(Outcome::at).max(Comparator.naturalOrder()).orElse(null),
                    decisive.map(Outcome::code).orElse(null));
        }

        /** A sweep finds out whether data came back. It does not settle what another run left open. */
        private static boolean decides(Outcome outcome) {
            return !Outcome.isSweep(outcome.run()) || outcome.status() == Status.FAILED;
        }

        private static StoreState stateOf(Outcome outcome) {
            return switch (outcome.status()) {
                case ERASED, ANONYMIZED, NOT_FOUND, RESIDUE_ERASED -> StoreState.ERASED;
                case RETAINED -> StoreState.RETAINED;
                case SCHEDULED -> StoreState.SCHEDULED;
                case FAILED -> Outcome.DISCARDED.equals(outcome.code()) ? StoreState.GIVEN_UP : StoreState.FAILED;
                // The provider's word, and no store's.
                case WITHDRAWN -> StoreState.WAITING;
            };
        }
    }

    /** How many items an outcome says are gone, or no longer tell whose they were. */
    public static long items(Outcome outcome) {
        return outcome.targets().stream()
                .filter(target ->
                        target.action() == Outcome.Action.DELETE || target.action() == Outcome.Action.ANONYMIZE)
                .mapToLong(Outcome.TargetOutcome::items)
                .sum();
    }
}
