package dev.lethe.ledger.access;

import dev.lethe.config.Secret;
import dev.lethe.config.Section;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * The identity provider that people sign in with.
 *
 * @param issuer as it stands in its ID tokens
 * @param discovery where it says where its endpoints are
 * @param clientId as which the console is known there
 * @param clientSecret with which the console proves that
 * @param scopes what is asked for; {@code openid} always is
 * @param rolesClaim the claim of the ID token that lists somebody's roles
 * @param viewerRole the role there that may look
 * @param operatorRole the role there that may act
 * @param authorizationEndpoint where browsers sign in, if they reach it by another address than discovery says
 */
record OpenIdConfig(
        String issuer,
        URI discovery,
        String clientId,
        Secret clientSecret,
        List<String> scopes,
        String rolesClaim,
        String viewerRole,
        String operatorRole,
        Optional<URI> authorizationEndpoint) {
    static final String WELL_KNOWN = "/.well-known/openid-configuration";

    OpenIdConfig {
        scopes = List.copyOf(scopes);
    }

    static OpenIdConfig read(Section section) {
        String issuer = section.text("issuer");
        Section roles = section.section("roles");
        return new OpenIdConfig(
                issuer,
                url(section, "discovery", section.text("discovery", withoutSlash(issuer) + WELL_KNOWN)),
                section.text("clientId"),
                section.secret("clientSecret"),
                section.texts("scopes"),
                roles.text("claim", "roles"),
                roles.text("viewer", "viewer"),
                roles.text("operator", "operator"),
                section.optionalText("authorizationEndpoint").map(text -> url(section, "authorizationEndpoint", text)));
    }

    private static String withoutSlash(String text) {
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    private static URI url(Section section, String key, String text) {
        try {
            URI url = URI.create(text);
            if (url.getHost() != null && List.of("http", "https").contains(url.getScheme())) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        if (!text.startsWith("/")) {
            section.problem(key, "must be a URL, such as https://id.example.com");
        }
        return URI.create("https://invalid");
    }
}
