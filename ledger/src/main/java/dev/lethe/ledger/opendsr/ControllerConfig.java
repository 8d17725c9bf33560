package dev.lethe.ledger.opendsr;

import dev.lethe.config.OpenDsrIdentities;
import dev.lethe.config.Section;
import dev.lethe.ledger.access.Role;
import dev.lethe.ledger.access.TokenConfig;
import dev.lethe.ledger.journal.JournalEntry.Held;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A tool that may request erasures.
 *
 * @param name the {@code controller_id}
 * @param token by which it proves who it is; named {@link #source}
 * @param callbacks the addresses that it may have called, character by character
 * @param identities the identity types that it may send, each with the name of our identifier; one of them is the {@code userId}
 * @param tenantId the tenant of all of its users, if users are of tenants
 */
record ControllerConfig(
        String name,
        TokenConfig token,
        List<Callback> callbacks,
        Map<String, String> identities,
        Optional<String> tenantId) {
    private static final String USER_ID = "userId";
    private static final Map<String, String> IDENTITIES = Map.of("controller_customer_id", USER_ID, "email", "email");
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,50}");

    ControllerConfig {
        callbacks = List.copyOf(callbacks);
    }

    static ControllerConfig read(String name, Section section) {
        TokenConfig token = TokenConfig.read(Held.SOURCE + name, section, Role.CONTROLLER);
        if (!NAME.matcher(name).matches()) {
            section.problem("token", "is of a controller whose name is not 1 to 50 letters, digits, '.', '_' or '-'");
        }
        var callbacks = new ArrayList<Callback>();
        for (String url : section.texts("callbacks")) {
            if (isAddress(url)) {
                callbacks.add(Callback.of(name, url));
            } else {
                section.problem(
                        "callbacks",
                        "must be addresses with https, such as https://controller.example.com/opendsr/callbacks; with"
                                + " http on this machine alone");
            }
        }
        return new ControllerConfig(name, token, callbacks, identities(section), section.optionalText("tenantId"));
    }

    private static Map<String, String> identities(Section section) {
        Map<String, String> identities = OpenDsrIdentities.read(section, IDENTITIES);
        if (Collections.frequency(identities.values(), USER_ID) != 1) {
            section.problem("identities", "must have one type that is the userId, by which a person is known");
        }
        return identities;
    }

    private static boolean isAddress(String text) {
        try {
            var url = new URI(text);
            return url.getHost() != null
                    && ("https".equals(url.getScheme())
                            || ("http".equals(url.getScheme()) && THIS_MACHINE.contains(url.getHost())))
                    && url.getRawUserInfo() == null
                    && url.getRawFragment() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** Whose requests these are in the log: {@code opendsr.NAME}. */
    String source() {
        return Held.SOURCE + name;
    }

    /** The identity type by which this controller names a user. */
    String userIdType() {
        return identities.entrySet().stream()
                .filter(entry -> entry.getValue().equals(USER_ID))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }
}
