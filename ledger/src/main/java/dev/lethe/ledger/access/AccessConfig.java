package dev.lethe.ledger.access;

import dev.lethe.config.Section;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How people prove who they are.
 *
 * @param publicUrl where browsers find the console, such as {@code https://lethe.example.com}; needed for OpenID Connect
 * @param idle how long a session lasts that is not in use
 * @param most how long a session lasts at most
 * @param tokens for small installations, and for programs
 * @param openId the identity provider, if there is one
 */
public record AccessConfig(
        Optional<URI> publicUrl,
        Duration idle,
        Duration most,
        List<TokenConfig> tokens,
        Optional<OpenIdConfig> openId) {
    public AccessConfig {
        tokens = List.copyOf(tokens);
    }

    /** Reads the section {@code access}. */
    public static AccessConfig read(Section section) {
        Optional<URI> publicUrl = section.optionalText("publicUrl").flatMap(text -> publicUrl(section, text));
        Section sessions = section.section("sessions");
        var tokens = new ArrayList<TokenConfig>();
        section.sectionByName("tokens").forEach((name, token) -> tokens.add(TokenConfig.read(name, token)));
        Optional<OpenIdConfig> openId =
                section.has("openid") ? Optional.of(OpenIdConfig.read(section.section("openid"))) : Optional.empty();
        if (tokens.isEmpty() && openId.isEmpty()) {
            section.problem("tokens", "nobody could sign in: configure a token, or openid");
        }
        if (openId.isPresent() && publicUrl.isEmpty()) {
            section.problem("publicUrl", "is required for openid: the identity provider sends people back there");
        }
        return new AccessConfig(
                publicUrl,
                sessions.duration("idle", Duration.ofMinutes(30)),
                sessions.duration("most", Duration.ofHours(10)),
                tokens,
                openId);
    }

    /** Whether browsers reach the console by TLS. */
    public boolean isSecure() {
        return publicUrl.map(url -> url.getScheme().equals("https")).orElse(false);
    }

    private static Optional<URI> publicUrl(Section section, String text) {
        try {
            URI url = URI.create(text);
            if (url.getHost() != null
                    && List.of("http", "https").contains(url.getScheme())
                    && List.of("", "/").contains(url.getPath())
                    && url.getRawQuery() == null) {
                return Optional.of(URI.create(url.getScheme() + "://" + url.getRawAuthority()));
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        section.problem("publicUrl", "must be a URL without a path, such as https://lethe.example.com");
        return Optional.empty();
    }
}
