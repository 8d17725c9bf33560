package dev.lethe.ingress.authentication;

import dev.lethe.config.Secret;
import dev.lethe.config.Section;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How callers prove who they are. Every method that is configured has to pass.
 *
 * @param apiKeyHeader the header that has the API key
 * @param apiKeys the keys that are accepted, as they stand in the header; several for rotation, none if callers need no key
 * @param basic HTTP Basic, if callers need it
 * @param signature the signature of the webhook, if callers need it
 */
public record AuthenticationConfig(
        String apiKeyHeader, List<Secret> apiKeys, Optional<BasicConfig> basic, Optional<SignatureConfig> signature) {
    private static final String AUTHORIZATION = "Authorization";

    /** A header's name as RFC 9110 has it. */
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    /** What comes through HTTP as it is: other characters have no agreed encoding there, and spaces at the ends are lost. */
    private static final Pattern VISIBLE_ASCII = Pattern.compile("[!-~]+( +[!-~]+)*");

    public AuthenticationConfig {
        apiKeys = List.copyOf(apiKeys);
    }

    /**
     * Reads the section {@code authentication}.
     *
     * @param clientCertificates whether callers prove who they are by a TLS certificate already
     */
    public static AuthenticationConfig read(Section section, boolean clientCertificates) {
        var config = new AuthenticationConfig(
                section.text("apiKeyHeader", AUTHORIZATION),
                section.secrets("apiKeys"),
                section.has("basic") ? Optional.of(BasicConfig.read(section.section("basic"))) : Optional.empty(),
                section.has("signature")
                        ? Optional.of(SignatureConfig.read(section.section("signature")))
                        : Optional.empty());
        config.checkApiKeys(section);
        boolean none = !section.has("apiKeys")
                && config.basic().isEmpty()
                && config.signature().isEmpty();
        if (none && !clientCertificates) {
            section.problem(
                    "apiKeys",
                    "is required, or basic, or signature, or http.tls.clientAuthority: without authentication, anybody could"
                            + " have anybody erased");
        }
        return config;
    }

    private void checkApiKeys(Section section) {
        if (!TOKEN.matcher(apiKeyHeader).matches()) {
            section.problem("apiKeyHeader", "must be the name of a header");
        }
        for (int i = 0; i < apiKeys.size(); i++) {
            if (!VISIBLE_ASCII.matcher(apiKeys.get(i).reveal()).matches()) {
                section.problem(
                        "apiKeys[" + i + "]", "must be ASCII, without spaces at its ends: HTTP would not keep it");
            }
        }
        if (section.has("apiKeys") && apiKeys.isEmpty()) {
            section.problem("apiKeys", "must hold a key; leave it out if callers need none");
        }
        if (section.has("apiKeyHeader") && !section.has("apiKeys")) {
            section.problem("apiKeyHeader", "has no use without apiKeys");
        }
        if (section.has("apiKeys") && basic.isPresent() && apiKeyHeader.equalsIgnoreCase(AUTHORIZATION)) {
            section.problem(
                    "apiKeyHeader",
                    "must be set to another header, such as X-API-Key, because basic has its credentials in Authorization");
        }
    }

    /** The configured methods, ready to check calls; whoever opens them closes them. */
    public List<Authentication> open(InstantSource clock) {
        var methods = new ArrayList<Authentication>();
        if (!apiKeys.isEmpty()) {
            methods.add(new ApiKeyAuthentication(apiKeyHeader, apiKeys));
        }
        basic.map(BasicAuthentication::new).ifPresent(methods::add);
        signature.map(config -> new SignatureAuthentication(config, clock)).ifPresent(methods::add);
        return methods;
    }
}
