package dev.lethe.worker.store.http;

import dev.lethe.config.Secret;
import dev.lethe.config.Section;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How requests are authenticated, beside signature and client certificate.
 *
 * @param apiKey a header that is always the same
 * @param oauth2 an access token by client credentials
 */
record Credentials(Optional<ApiKey> apiKey, Optional<OAuth2> oauth2) {
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

    /**
     * An API key.
     *
     * @param header the name of the header
     * @param value the whole value, such as {@code Bearer …}
     */
    record ApiKey(String header, Secret value) {}

    /**
     * Client credentials (RFC 6749, section 4.4).
     *
     * @param tokenUrl where access tokens are issued
     * @param scope what they are asked for; empty for the default
     */
    record OAuth2(URI tokenUrl, String clientId, Secret clientSecret, Optional<String> scope) {}

    static Credentials read(Section section) {
        var credentials = new Credentials(apiKey(section), oauth2(section));
        if (credentials.oauth2.isPresent()
                && credentials
                        .apiKey
                        .filter(key -> key.header().equalsIgnoreCase("Authorization"))
                        .isPresent()) {
            section.problem("apiKey", "can't be in Authorization: oauth2 has its token there");
        }
        return credentials;
    }

    private static Optional<ApiKey> apiKey(Section store) {
        if (!store.has("apiKey")) {
            return Optional.empty();
        }
        Section section = store.section("apiKey");
        var apiKey = new ApiKey(section.text("header", "Authorization"), section.secret("value"));
        if (!TOKEN.matcher(apiKey.header()).matches()) {
            section.problem("header", "must be the name of a header, such as X-Api-Key");
        }
        if (apiKey.value().reveal().chars().anyMatch(c -> c < ' ' || c > '~')) {
            section.problem("value", "must be printable ASCII");
        }
        return Optional.of(apiKey);
    }

    private static Optional<OAuth2> oauth2(Section store) {
        if (!store.has("oauth2")) {
            return Optional.empty();
        }
        Section section = store.section("oauth2");
        return Optional.of(new OAuth2(
                HttpStoreConfig.url(section, "tokenUrl", section.text("tokenUrl")),
                section.text("clientId"),
                section.secret("clientSecret"),
                section.optionalText("scope")));
    }

    boolean isNone() {
        return apiKey.isEmpty() && oauth2.isEmpty();
    }
}
