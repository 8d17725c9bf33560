package dev.lethe.ledger.opendsr;

import dev.lethe.config.Secret;
import dev.lethe.config.Section;
import dev.lethe.ledger.access.TokenConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How tools that speak OpenDSR reach Lethe, and who may.
 *
 * @param publicUrl where they reach it, without a path; its host is the processor's domain
 * @param certificate PEM: the processor's certificate, then those of its issuers
 * @param key PEM: the certificate's private key, RSA or EC
 * @param keyPassword what the key is encrypted with, if it is
 * @param cancellable how long a request is held, in which it can be cancelled
 * @param authority PEM: who issues the certificates of those who are called back; whom Java trusts if empty
 * @param controllers who may request erasures
 */
public record OpenDsrConfig(
        URI publicUrl,
        Path certificate,
        Path key,
        Optional<Secret> keyPassword,
        Duration cancellable,
        Optional<Path> authority,
        List<ControllerConfig> controllers) {
    /** A request is due within a month, and somebody has to have time for it. */
    private static final Duration MOST_CANCELLABLE = Duration.ofDays(14);

    private static final URI NOWHERE = URI.create("https://localhost");

    public OpenDsrConfig {
        controllers = List.copyOf(controllers);
    }

    /** Reads the section {@code opendsr}. */
    public static OpenDsrConfig read(Section section) {
        return new OpenDsrConfig(
                publicUrl(section),
                section.path("certificate", "opendsr.pem"),
                section.path("key", "opendsr.key"),
                section.optionalSecret("keyPassword"),
                section.durationUpTo("cancellable", Duration.ofHours(1), MOST_CANCELLABLE),
                section.optionalPath("authority"),
                controllers(section));
    }

    private static List<ControllerConfig> controllers(Section section) {
        var controllers = new ArrayList<ControllerConfig>();
        Set<String> tokens = new HashSet<>();
        section.sectionByName("controllers").forEach((name, controller) -> {
            ControllerConfig read = ControllerConfig.read(name, controller);
            String token = read.token().token().reveal();
            if (!token.isEmpty() && !tokens.add(token)) {
                controller.problem("token", "is another controller's, too: nobody could tell them apart");
            }
            controllers.add(read);
        });
        return controllers;
    }

    /** The processor's domain, as its answers and certificate have it. */
    String domain() {
        return publicUrl.getHost();
    }

    /** What controllers prove by who they are. */
    public List<TokenConfig> tokens() {
        return controllers.stream().map(ControllerConfig::token).toList();
    }

    private static URI publicUrl(Section section) {
        String text = section.text("publicUrl");
        try {
            URI url = URI.create(text);
            if (url.getHost() != null
                    && Set.of("http", "https").contains(url.getScheme())
                    && Set.of("", "/").contains(url.getPath())
                    && url.getRawQuery() == null
                    && url.getRawUserInfo() == null) {
                return URI.create(url.getScheme() + "://" + url.getRawAuthority());
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        if (!text.isEmpty()) {
            section.problem("publicUrl", "must be a URL without a path, such as https://opendsr.example.com");
        }
        return NOWHERE;
    }
}
