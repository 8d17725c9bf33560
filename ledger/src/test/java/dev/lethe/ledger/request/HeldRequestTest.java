package dev.lethe.ledger.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lethe.events.Outcome.Status;
import dev.lethe.ledger.Histories;
import dev.lethe.ledger.journal.JournalEntry;
import dev.lethe.ledger.journal.JournalEntry.CalledBack;
import dev.lethe.ledger.journal.JournalEntry.Held;
import dev.lethe.ledger.journal.JournalEntry.Released;
import dev.lethe.ledger.journal.JournalEntry.Requested;
import dev.lethe.ledger.journal.JournalEntry.Settled;
import dev.lethe.ledger.journal.JournalEntry.Withdrawn;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What becomes of a request that can be withdrawn for a while. */
class HeldRequestTest {
    private static final UUID ID = Histories.requestId(1);
    private static final Instant AT = Histories.START;

    private final Held held = Histories.held(1, AT);
    private final Released released = new Released(ID, AT.plusSeconds(60));
    private final Withdrawn withdrawn = new Withdrawn(ID, AT.plusSeconds(59), "opendsr.acme");
    private final Requested requested = new Requested(
            ID,
            Histories.subject(1),
            AT.plusSeconds(61),
            AT,
            AT.plus(Duration.ofDays(30)),
            "opendsr.acme",
            "erasure.gdpr",
            List.of("shop"));
    private final Settled erased =
            new Settled(Histories.outcome(1, "shop", "erase", AT.plusSeconds(62), Status.ERASED));

    @Test
    void itIsPendingAsLongAsNothingIsDecided() {
        assertThat(row(held).status()).isEqualTo(RequestStatus.PENDING);
        assertThat(row(held).source()).isEqualTo("opendsr.acme");
    }

    @Test
    void whatComesFirstCounts() {
        assertThat(row(held, withdrawn, released).status()).isEqualTo(RequestStatus.CANCELLED);
        assertThat(row(held, withdrawn, released).settledAt()).isEqualTo(withdrawn.at());
        assertThat(row(held, released, withdrawn).status()).isEqualTo(RequestStatus.IN_PROGRESS);
        assertThat(row(held, released, withdrawn, released, requested).status())
                .as("no store has answered, and it can't be withdrawn any more")
                .isEqualTo(RequestStatus.IN_PROGRESS);
        assertThat(row(held, released, withdrawn, requested, erased).status()).isEqualTo(RequestStatus.COMPLETED);
    }

    @Test
    void itsChangesAreCountedEntryByEntry() {
        List<JournalEntry> entries = new ArrayList<>(List.of(held, released, withdrawn, requested, erased));

        assertThat(StatusChange.of(ID, entries))
                .containsExactly(
                        new StatusChange(1, RequestStatus.IN_PROGRESS, released.at()),
                        new StatusChange(2, RequestStatus.COMPLETED, erased.at()));
        entries.add(2, new CalledBack(ID, AT.plusSeconds(61), "address", 1, true));
        assertThat(StatusChange.of(ID, entries)).hasSize(2);
        assertThat(StatusChange.of(ID, List.of(held, withdrawn)))
                .containsExactly(new StatusChange(1, RequestStatus.CANCELLED, withdrawn.at()));
        assertThat(StatusChange.of(ID, List.of(held))).isEmpty();
    }

    private static RequestRow row(JournalEntry... entries) {
        return Account.of(ID, List.of(entries)).orElseThrow().request();
    }
}
