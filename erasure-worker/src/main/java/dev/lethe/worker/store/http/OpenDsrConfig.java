package dev.lethe.worker.store.http;

import dev.lethe.config.Section;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
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

    private static final Set<String> TYPES = Set.of(
            "controller_customer_id",
            "android_advertising_id",
            "android_id",
            "email",
            "fire_advertising_id",
            "ios_advertising_id",
            "ios_vendor_id",
            "microsoft_advertising_id",
            "microsoft_publisher_id",
            "roku_publisher_id",
            "roku_advertising_id");

    OpenDsrConfig {
        identities = Collections.unmodifiableMap(new LinkedHashMap<>(identities));
        statusCallbackUrls = List.copyOf(statusCallbackUrls);
    }

    static OpenDsrConfig read(Section section) {
        Map<String, String> identities = section.textByName("identities");
        var config = new OpenDsrConfig(
                section.text("regulation", "gdpr"),
                identities.isEmpty() ? Map.of("controller_customer_id", "userId") : identities,
                section.texts("statusCallbackUrls"),
                section.optionalPath("certificate"));
        if (!Set.of("gdpr", "ccpa").contains(config.regulation)) {
            section.problem("regulation", "must be gdpr or ccpa");
        }
        identities.keySet().stream()
                .filter(type -> !TYPES.contains(type))
                .forEach(type -> section.problem(
                        "identities." + type,
                        "is no identity type of OpenDSR 2.0, section 5.1, such as controller_customer_id or email"));
        return config;
    }
}
