package dev.lethe.ledger.opendsr;

import dev.lethe.config.MisconfiguredException;
import dev.lethe.ledger.journal.JournalWriter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import nl.altindag.ssl.pem.util.PemUtils;
import nl.altindag.ssl.util.TrustManagerUtils;

/**
 * Tells controllers what becomes of their requests: section 8.5. Whom to tell stands in the database, and that somebody was told in the journal, from
 * where it comes into the database. Only the process that reads the journal tells anybody, and not before it has read all that was there when it
 * began: so whoever reads the journal again calls nobody again.
 */
public final class CallbackSender implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final long UNKNOWN = -1;

    private final BooleanSupplier isReading;
    private final LongSupplier journalEnd;
    private final Docket docket;
    private final HttpClient client;
    private final List<CallbackLine> lines;
    private long endAtBegin = UNKNOWN;

    /**
     * @param client of {@link #client}; closed by this
     * @param isReading whether this process is the one that reads the journal
     * @param journalEnd where the journal ends
     */
    public CallbackSender(
            OpenDsrConfig config,
            HttpClient client,
            Signer signer,
            Docket docket,
            JournalWriter journal,
            BooleanSupplier isReading,
            LongSupplier journalEnd,
            MeterRegistry registry,
            InstantSource clock) {
        this.isReading = isReading;
        this.journalEnd = journalEnd;
        this.docket = docket;
        this.client = client;
        this.lines = config.controllers().stream()
                .flatMap(controller -> controller.callbacks().stream())
                .distinct()
                .map(callback ->
                        new CallbackLine(callback, client, signer, docket, journal, this::isUpToDate, registry, clock))
                .toList();
    }

    /**
     * Calls whom the configuration says is to be trusted, and follows nobody elsewhere.
     *
     * @throws MisconfiguredException if the configured authority can't be used
     */
    public static HttpClient client(OpenDsrConfig config) throws MisconfiguredException {
        var client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT);
        if (config.authority().isPresent()) {
            client.sslContext(trusting(config.authority().get()));
        }
        return client.build();
    }

    private static SSLContext trusting(Path authority) throws MisconfiguredException {
        try {
            List<X509Certificate> certificates = PemUtils.loadCertificate(authority);
            if (!certificates.isEmpty()) {
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(null, new TrustManager[] {TrustManagerUtils.createTrustManager(certificates)}, null);
                return context;
            }
        } catch (GeneralSecurityException | RuntimeException e) {
            // Said below.
        }
        throw new UnusableFileException(
                "opendsr.authority: " + authority + " holds no certificate in PEM, or this process may not read it");
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
