package dev.lethe.ledger.console.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lethe.ledger.Histories;
import dev.lethe.ledger.journal.JournalCodec;
import dev.lethe.ledger.journal.JournalEntry;
import dev.lethe.ledger.journal.JournalEntry.CalledBack;
import dev.lethe.ledger.journal.JournalEntry.Held;
import dev.lethe.ledger.journal.JournalEntry.Released;
import dev.lethe.ledger.journal.JournalEntry.Withdrawn;
import dev.lethe.ledger.journal.Leaf;
import dev.lethe.ledger.request.Account;
import dev.lethe.ledger.request.RequestDetail;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RequestPageTest {
    private static final UUID ID = Histories.requestId(1);
    private static final Instant AT = Histories.START;

    private final Held held = Histories.held(1, AT);

    @Test
    void saysThatARequestCanStillBeWithdrawn() {
        RequestPage page = page(held);

        assertThat(page.headline()).isEqualTo("Pending: it is held, and can still be withdrawn");
        assertThat(page.timeline()).singleElement().satisfies(event -> {
            assertThat(event.title()).isEqualTo("Erasure requested, and held");
            assertThat(event.detail())
                    .isEqualTo("By opendsr.acme (erasure.gdpr), as " + held.subjectRequestId()
                            + ". It can be withdrawn until 1 Mar 2026, 11:00:00 UTC.");
        });
    }

    @Test
    void saysWhoWithdrewItAndWhetherTheyWereTold() {
        RequestPage page = page(
                held,
                new Withdrawn(ID, AT.plusSeconds(60), "opendsr.acme"),
                new Released(ID, AT.plusSeconds(61)),
                new CalledBack(ID, AT.plusSeconds(62), Histories.CALLBACKS.getFirst(), 1, false));

        assertThat(page.headline())
                .isEqualTo(
                        "Cancelled after 1.00 min: it was withdrawn by whoever had asked for it, before it began, and"
                                + " nothing was erased");
        assertThat(page.timeline().stream().map(TimelineEvent::title))
                .containsExactly(
                        "Erasure requested, and held",
                        "Withdrawn",
                        "Released",
                        "Whoever asked for it could not be told");
        assertThat(page.timeline().get(1).detail()).startsWith("By opendsr.acme, who had asked for it.");
    }

    private static RequestPage page(JournalEntry... entries) {
        Account account = Account.of(ID, List.of(entries)).orElseThrow();
        var timeline = new ArrayList<Leaf>();
        for (JournalEntry entry : entries) {
            timeline.add(new Leaf(timeline.size(), JournalCodec.encode(entry), entry));
        }
        return RequestPage.of(
                new RequestDetail(account.request(), account.stores(), timeline, List.of()), AT.plusSeconds(120));
    }
}
