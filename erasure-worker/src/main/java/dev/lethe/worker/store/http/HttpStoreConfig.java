package dev.lethe.worker.store.http;

import dev.lethe.config.Secret;
import dev.lethe.config.Section;
import dev.lethe.worker.store.ClientTls;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How to reach a service, how to prove who asks, and what it can be asked.
 *
 * @param url takes erasures by POST; with {@link Protocol#OPENDSR} the address above {@code /requests} and {@code
 *     /discovery}
 * @param protocol what it speaks
 * @param mode how many subjects a request has
 * @param batchSize how many at most, with {@link Mode#BATCH}
 * @param identifiers the names of the identifiers that it is told; a subject without one of them is unresolved
 * @param optionalIdentifiers those that it is told where the subject has them
 * @param targets what it counts, by name; if empty, an erasure counts as one {@code request}
 * @param readBack tells by POST how much is left; empty where the configuration says {@code none}
 * @param notFound what 404 and 410 mean
 * @param signing the secrets of Standard Webhooks; requests are signed with each of them
 * @param credentials how requests are authenticated
 * @param tls the files of TLS
 * @param concurrency how many requests are under way at a time, at most
 * @param connectTimeout for a connection
 * @param requestTimeout for a whole answer
 * @param polling how work is followed that the service has accepted
 * @param openDsr what {@link Protocol#OPENDSR} needs beside
 */
record HttpStoreConfig(
        URI url,
        Protocol protocol,
        Mode mode,
        int batchSize,
        List<String> identifiers,
        List<String> optionalIdentifiers,
        List<String> targets,
        Optional<URI> readBack,
        NotFound notFound,
        List<Secret> signing,
        Credentials credentials,
        ClientTls tls,
        int concurrency,
        Duration connectTimeout,
        Duration requestTimeout,
        Polling polling,
        OpenDsrConfig openDsr) {
    private static final String NONE = "none";
    private static final URI NOWHERE = URI.create("http://localhost/");

    enum Protocol {
        /** The requests that docs/http-store.md describes. */
        LETHE,
        /** OpenDSR 2.0. */
        OPENDSR
    }

    enum Mode {
        SUBJECT,
        BATCH
    }

    enum NotFound {
        /** The address is wrong. */
        MISCONFIGURED,
        /** The service holds nothing of the subject. */
        ABSENT
    }

    /**
     * How accepted work is followed.
     *
     * @param interval how long between two looks, where the service does not say
     * @param most how long to wait for the end before the work counts as scheduled
     * @param completesWithin when scheduled work is done at the latest, where the service does not say
     */
    record Polling(Duration interval, Duration most, Duration completesWithin) {
        static Polling read(Section section) {
            return new Polling(
                    section.duration("interval", Duration.ofSeconds(1)),
                    section.duration("most", Duration.ofSeconds(10)),
                    section.duration("completesWithin", Duration.ofDays(30)));
        }
    }

    HttpStoreConfig {
        identifiers = List.copyOf(identifiers);
        optionalIdentifiers = List.copyOf(optionalIdentifiers);
        targets = List.copyOf(targets);
        signing = List.copyOf(signing);
    }

    static HttpStoreConfig read(Section section) {
        Protocol protocol = section.choice("protocol", Protocol.LETHE);
        OpenDsrConfig openDsr =
                protocol == Protocol.OPENDSR ? OpenDsrConfig.read(section.section("opendsr")) : OpenDsrConfig.UNUSED;
        List<String> identifiers = section.texts("identifiers");
        var config = new HttpStoreConfig(
                url(section, "url", section.text("url")),
                protocol,
                section.choice("mode", Mode.SUBJECT),
                section.integer("batchSize", 500, 1, 10_000),
                protocol == Protocol.OPENDSR
                        ? List.copyOf(openDsr.identities().values())
                        : identifiers.isEmpty() ? List.of("userId") : identifiers,
                section.texts("optionalIdentifiers"),
                section.texts("targets"),
                readBack(section),
                section.choice("notFound", NotFound.MISCONFIGURED),
                section.secrets("secret"),
                Credentials.read(section),
                ClientTls.read(section.section("tls")),
                section.integer("concurrency", 8, 1, 256),
                section.duration("connectTimeout", Duration.ofSeconds(3)),
                section.duration("requestTimeout", Duration.ofSeconds(30)),
                Polling.read(section.section("polling")),
                openDsr);
        config.report(section, identifiers);
        return config;
    }

    private static Optional<URI> readBack(Section section) {
        Optional<String> readBack = section.optionalText("readBack");
        if (readBack.isEmpty()) {
            section.problem("readBack", "is required: the address that counts what is left, or none, knowingly");
        }
        return readBack.filter(text -> !text.equals(NONE)).map(text -> url(section, "readBack", text));
    }

    static URI url(Section section, String key, String text) {
        if (text.isEmpty()) {
            return NOWHERE;
        }
        try {
            URI url = new URI(text);
            if (url.getHost() != null
                    && ("https".equals(url.getScheme()) || "http".equals(url.getScheme()))
                    && url.getRawFragment() == null) {
                if (url.getRawUserInfo() != null) {
                    section.problem(key, "must be without credentials: they belong into apiKey, oauth2 or tls");
                }
                return url;
            }
        } catch (URISyntaxException e) {
            // Said below.
        }
        section.problem(key, "must be an address such as https://news.internal/erasures");
        return NOWHERE;
    }

    private void report(Section section, List<String> configured) {
        if (signing.isEmpty() && credentials.isNone() && !tls.isMutual()) {
            section.problem(
                    "secret",
                    "is required, or apiKey, oauth2 or tls.certificate: a service must know who asks for an erasure");
        }
        if (!Signature.areUsable(signing)) {
            section.problem("secret", "must be whsec_ and base64 of at least 24 bytes, as Standard Webhooks has it");
        }
        if (targets.isEmpty() && readBack.isPresent()) {
            section.problem("targets", "is required with readBack: what the service counts, such as [subscriptions]");
        }
        if (mode == Mode.BATCH && notFound == NotFound.ABSENT) {
            section.problem("notFound", "can be absent only with mode: subject");
        }
        if (mode == Mode.BATCH && targets.isEmpty()) {
            section.problem("targets", "is required with mode: batch, so that the answer tells the subjects apart");
        }
        if (protocol == Protocol.OPENDSR) {
            reportOpenDsr(section, configured);
        }
    }

    private void reportOpenDsr(Section section, List<String> configured) {
        String not = "is not for protocol: opendsr";
        if (mode == Mode.BATCH) {
            section.problem("mode", "must be subject: OpenDSR has no batches");
        }
        if (readBack.isPresent()) {
            section.problem("readBack", "must be none: OpenDSR has no read-back");
        }
        if (!targets.isEmpty()) {
            section.problem("targets", not + ": its answers count nothing");
        }
        if (!configured.isEmpty()) {
            section.problem("identifiers", not + ": they are in opendsr.identities");
        }
        if (!optionalIdentifiers.isEmpty()) {
            section.problem("optionalIdentifiers", not + ": they are in opendsr.identities");
        }
    }
}
