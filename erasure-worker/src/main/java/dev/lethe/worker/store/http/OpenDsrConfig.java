package dev.lethe.worker.store.http;

import dev.lethe.config.OpenDsrIdentities;
import dev.lethe.config.Section;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a processor that speaks OpenDSR is told.
 *
 * @param regulation {@code gdpr} or {@code ccpa}
 * @param identities the identity types of the specification, each with the name of our identifier
 * @param statusCallbackUrls whom it tells when a request's status changes; Lethe itself asks
 * @param certificate the processor's, in PEM: if set, every answer has to be signed by it
 */
record OpenDsrConfig(
        String regulation,
        Map<String, String> identities,
        List<String> statusCallbackUrls,
        Optional<Path> certificate) {
    static final OpenDsrConfig UNUSED = new OpenDsrConfig("gdpr", Map.of(), List.of(), Optional.empty());

    OpenDsrConfig {
        statusCallbackUrls = List.copyOf(statusCallbackUrls);
    }

    static OpenDsrConfig read(Section section) {
        var config = new OpenDsrConfig(
                section.text("regulation", "gdpr"),
                OpenDsrIdentities.read(section, Map.of("controller_customer_id", "userId")),
                section.texts("statusCallbackUrls"),
                section.optionalPath("certificate"));
        if (!Set.of("gdpr", "ccpa").contains(config.regulation)) {
            section.problem("regulation", "must be gdpr or ccpa");
        }
        return config;
    }
}
