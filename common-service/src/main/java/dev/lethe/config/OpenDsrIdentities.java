package dev.lethe.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What people are known by in OpenDSR, on whichever side of it.
 *
 * @see <a href="https://github.com/opengdpr/OpenDSR/blob/master/specification.md">OpenDSR 2.0, section 5.1</a>
 */
public final class OpenDsrIdentities {
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

    private OpenDsrIdentities() {}

    /**
     * Reads {@code identities} of a section: types of the specification, each with the name of our identifier, in their order.
     *
     * @param unless what holds where nothing is configured
     */
    public static Map<String, String> read(Section section, Map<String, String> unless) {
        Map<String, String> identities = section.textByName("identities");
        identities.keySet().stream()
                .filter(type -> !TYPES.contains(type))
                .forEach(type -> section.problem(
                        "identities." + type,
                        "is no identity type of OpenDSR 2.0, section 5.1, such as controller_customer_id or email"));
        return Collections.unmodifiableMap(new LinkedHashMap<>(identities.isEmpty() ? unless : identities));
    }
}
