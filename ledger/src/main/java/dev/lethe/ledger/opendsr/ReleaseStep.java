package dev.lethe.ledger.opendsr;

import dev.lethe.events.ErasureRequest;
import dev.lethe.events.EventRecords;
import dev.lethe.events.TopicDefinition;
import dev.lethe.events.UnreadableRecordException;
import dev.lethe.ledger.journal.JournalEntry.Released;
import dev.lethe.ledger.journal.JournalWriter;
import dev.lethe.ledger.opendsr.Docket.Case;
import dev.lethe.ledger.opendsr.Docket.Ruling;
import dev.lethe.worker.lane.Entry;
import dev.lethe.worker.lane.Hold;
import dev.lethe.worker.lane.Step;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts requests into the log whose time to be withdrawn is over. The journal decides: the step notes there that a request is released, waits until
 * the database has read that far, and looks whether it was withdrawn before. Whoever does this again, after a crash or in another process, is told
 * the same; so is whoever withdraws.
 */
public final class ReleaseStep implements Step {
    private static final Logger log = LoggerFactory.getLogger(ReleaseStep.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Docket docket;
    private final JournalWriter journal;
    private final InstantSource clock;

    public ReleaseStep(Docket docket, JournalWriter journal, InstantSource clock) {
        this.docket = docket;
        this.journal = journal;
        this.clock = clock;
    }

    @Override
    public List<ProducerRecord<String, byte[]>> take(List<Entry> batch, Hold hold) throws InterruptedException {
        var release = new Release(requests(batch));
        while (batch.stream().anyMatch(entry -> !entry.isLost())) {
            try {
                Optional<List<ProducerRecord<String, byte[]>>> decided = release.decide();
                if (decided.isPresent()) {
                    return decided.get();
                }
                hold.because(
                        "JOURNAL_BEHIND",
                        "the ledger's database has not yet read of the journal what decides about requests that are held");
            } catch (JdbiException e) {
                hold.because("DATABASE_UNAVAILABLE", "the ledger's database does not answer");
            } catch (KafkaException e) {
                hold.because(
                        "JOURNAL_UNAVAILABLE",
                        "Kafka does not take it: " + e.getClass().getSimpleName());
            }
        }
        return List.of();
    }

    /** What can't be read is noted nowhere, either. */
    private static List<ErasureRequest> requests(List<Entry> batch) {
        var requests = new ArrayList<ErasureRequest>(batch.size());
        for (Entry entry : batch) {
            try {
                var unused = HeldRecord.held(entry.record());
                requests.add(HeldRecord.request(entry.record()));
            } catch (UnreadableRecordException e) {
                log.warn(
                        "Not released: {} at {}-{}, offset {}",
                        e.reason(),
                        entry.record().topic(),
                        entry.record().partition(),
                        entry.record().offset());
            }
        }
        return requests;
    }

    /** What has to be decided for one batch. */
    private final class Release {
        private static final long NOTHING = -1;

        private final List<ErasureRequest> requests;
        private final Set<UUID> ids = new LinkedHashSet<>();
        private final Set<UUID> released = new LinkedHashSet<>();
        private long noted = NOTHING;

        Release(List<ErasureRequest> requests) {
            this.requests = requests;
            requests.forEach(request -> ids.add(request.requestId()));
        }

        /** What goes into the log; empty if it can't be decided yet. */
        Optional<List<ProducerRecord<String, byte[]>>> decide() throws InterruptedException {
            Optional<Map<UUID, Case>> held = Docket.await(this::held, PATIENCE);
            if (held.isEmpty()) {
                return Optional.empty();
            }
            note(held.get());
            return docket.awaitRead(noted, PATIENCE) ? Optional.of(due(docket.cases(ids))) : Optional.empty();
        }

        /** All of them, once it is noted of each that it is held. */
        private Optional<Map<UUID, Case>> held() {
            Map<UUID, Case> cases = docket.cases(ids);
            return cases.size() == ids.size() ? Optional.of(cases) : Optional.empty();
        }

        private void note(Map<UUID, Case> cases) throws InterruptedException {
            List<UUID> open = ids.stream()
                    .filter(id -> isOpen(cases.get(id)) && !released.contains(id))
                    .toList();
            if (!open.isEmpty()) {
                var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
                noted = journal.write(
                        open.stream().map(id -> new Released(id, now)).toList());
                released.addAll(open);
            }
        }

        private static boolean isOpen(@Nullable Case it) {
            return it != null && it.ruling() == null;
        }

        private List<ProducerRecord<String, byte[]>> due(Map<UUID, Case> cases) {
            var due = new ArrayList<ProducerRecord<String, byte[]>>();
            for (ErasureRequest request : requests) {
                Case it = cases.get(request.requestId());
                if (it == null
                        || !it.held().subjectKey().equals(request.subject().key())) {
                    log.warn("Not released: {} is of another subject; it was refused", request.requestId());
                } else if (it.ruling() == Ruling.RELEASED) {
                    log.info(
                            "Released {} of subject {}",
                            request.requestId(),
                            request.subject().key());
                    due.add(EventRecords.request(TopicDefinition.REQUESTS, request, null));
                }
            }
            return due;
        }
    }
}
