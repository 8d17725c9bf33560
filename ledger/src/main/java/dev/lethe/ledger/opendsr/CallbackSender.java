package dev.lethe.ledger.opendsr;

import dev.lethe.ledger.journal.JournalWriter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpClient;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Tells controllers what becomes of their requests: section 8.5. Whom to tell stands in the database, and that somebody was told in the journal, from
 * where it comes into the database. Only the process that reads the journal tells anybody, and not before it has read all that was there when it
 * began: so whoever reads the journal again calls nobody again.
 */
public final class CallbackSender implements AutoCloseable {
    private static final long UNKNOWN = -1;

    private final BooleanSupplier isReading;
    private final LongSupplier journalEnd;
    private final Docket docket;
    private final HttpClient client;
    private final List<CallbackLine> lines;
    private long endAtBegin = UNKNOWN;

    /**
     * @param openDsr whose client is closed by this
     * @param isReading whether this process is the one that reads the journal
     * @param journalEnd where the journal ends
     */
    public CallbackSender(
            OpenDsr openDsr,
            Docket docket,
            JournalWriter journal,
            BooleanSupplier isReading,
            LongSupplier journalEnd,
            MeterRegistry registry,
            InstantSource clock) {
        this.isReading = isReading;
        this.journalEnd = journalEnd;
        this.docket = docket;
        this.client = openDsr.client();
        this.lines = openDsr.config().controllers().stream()
                .flatMap(controller -> controller.callbacks().stream())
                .distinct()
                .map(callback -> new CallbackLine(
                        callback, client, openDsr.signer(), docket, journal, this::isUpToDate, registry, clock))
                .toList();
    }

    public void start() {
        lines.forEach(CallbackLine::start);
    }

    private synchronized boolean isUpToDate() {
        if (!isReading.getAsBoolean()) {
            endAtBegin = UNKNOWN;
            return false;
        }
        if (endAtBegin == UNKNOWN) {
            endAtBegin = journalEnd.getAsLong();
        }
        return docket.hasRead(endAtBegin - 1);
    }

    /** Which controllers can't be told, since when and why. */
    public List<String> degradations() {
        return lines.stream()
                .map(CallbackLine::failing)
                .flatMap(Optional::stream)
                .toList();
    }

    @Override
    public void close() {
        lines.forEach(CallbackLine::close);
        client.shutdownNow();
    }
}
