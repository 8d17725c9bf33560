package dev.lethe.ingress.authentication;

import dev.lethe.config.Section;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A published set of keys, in FusionAuth {@code /.well-known/jwks.json}.
 *
 * @param url https; http only on this machine, or if that is accepted explicitly
 * @param kids the keys that sign webhooks; the set lists every key of FusionAuth's, those of access tokens too
 */
record JwksConfig(URI url, Set<String> kids) {
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");

    JwksConfig {
        kids = Set.copyOf(kids);
    }

    /** Reads {@code jwks} and what belongs to it from the section {@code signature}; empty if there is no usable URL. */
    static Optional<JwksConfig> read(Section section) {
        Optional<String> text = section.optionalText("jwks");
        List<String> kids = section.texts("kids");
        boolean plainHttp = section.flag("allowPlainHttp", false);
        if (!section.has("jwks")) {
            if (section.has("kids")) {
                section.problem("kids", "has no use without jwks");
            }
            return Optional.empty();
        }
        if (kids.isEmpty()) {
            section.problem("kids", "is required with jwks, which lists keys for other purposes too");
        }
        try {
            return text.map(URI::create)
                    .filter(url -> check(section, url, plainHttp))
                    .map(url -> new JwksConfig(url, Set.copyOf(kids)));
        } catch (IllegalArgumentException e) {
            section.problem("jwks", "is no URL");
            return Optional.empty();
        }
    }

    private static boolean check(Section section, URI url, boolean plainHttp) {
        String host = url.getHost();
        if (host == null || url.getUserInfo() != null) {
            section.problem("jwks", "must be a URL with a host, without a user");
            return false;
        }
        boolean http = "http".equalsIgnoreCase(url.getScheme());
        if (!http && !"https".equalsIgnoreCase(url.getScheme())) {
            section.problem("jwks", "must be https");
            return false;
        }
        if (http && !plainHttp && !LOOPBACK.matcher(host).matches()) {
            section.problem(
                    "jwks",
                    "must be https: whoever can alter the answer can sign erasures; allowPlainHttp: true accepts that on a"
                            + " network that you trust");
            return false;
        }
        return true;
    }
}
