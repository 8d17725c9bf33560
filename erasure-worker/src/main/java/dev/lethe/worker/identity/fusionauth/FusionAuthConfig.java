package dev.lethe.worker.identity.fusionauth;

import dev.lethe.config.Secret;
import dev.lethe.config.Section;
import dev.lethe.worker.store.ClientTls;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * How to reach a FusionAuth.
 *
 * @param url its address, without {@code /api}
 * @param apiKey may {@code GET /api/user} and {@code POST /api/user/search}
 * @param tenant the tenant of users of whom no event said it: those of a FusionAuth before 1.8
 * @param concurrency how many users are asked for at a time, at most
 * @param connectTimeout for a connection
 * @param requestTimeout for a whole answer
 * @param tls the files of TLS
 */
record FusionAuthConfig(
        URI url,
        Secret apiKey,
        Optional<UUID> tenant,
        int concurrency,
        Duration connectTimeout,
        Duration requestTimeout,
        ClientTls tls) {
    private static final URI NOWHERE = URI.create("http://localhost");

    static FusionAuthConfig read(Section section) {
        return new FusionAuthConfig(
                url(section),
                section.secret("apiKey"),
                tenant(section),
                section.integer("concurrency", 8, 1, 64),
                section.duration("connectTimeout", Duration.ofSeconds(3)),
                section.duration("requestTimeout", Duration.ofSeconds(10)),
                ClientTls.read(section.section("tls")));
    }

    private static URI url(Section section) {
        String text = section.text("url");
        if (text.isEmpty()) {
            return NOWHERE;
        }
        try {
            URI url = new URI(text.replaceAll("/+$", ""));
            if (url.getHost() != null
                    && ("https".equals(url.getScheme()) || "http".equals(url.getScheme()))
                    && url.getRawUserInfo() == null
                    && url.getRawQuery() == null
                    && url.getRawFragment() == null) {
                return url;
            }
        } catch (URISyntaxException e) {
            // Said below.
        }
        section.problem("url", "must be FusionAuth's address, such as https://id.example.com: no /api, no credentials");
        return NOWHERE;
    }

    private static Optional<UUID> tenant(Section section) {
        return section.optionalText("tenant").flatMap(text -> {
            try {
                return Optional.of(UUID.fromString(text));
            } catch (IllegalArgumentException e) {
                section.problem("tenant", "must be the id of a tenant, a UUID");
                return Optional.empty();
            }
        });
    }
}
