package dev.lethe.ingress;

import dev.lethe.config.Section;
import dev.lethe.events.Subject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Which events are requests, and what of them is kept.
 *
 * @param types the event types that ask for an erasure
 * @param tenants the tenants that are ours; empty for all
 * @param identifiers what is kept besides the user's id: a name, and where in the event its values stand
 */
record EventsConfig(Set<String> types, Set<UUID> tenants, Map<String, List<EventPointer>> identifiers) {
    /** What a trigger of a request may be called. */
    private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private static final Map<String, List<String>> DEFAULT_IDENTIFIERS = defaultIdentifiers();

    EventsConfig {
        types = Set.copyOf(types);
        tenants = Set.copyOf(tenants);
        identifiers = Map.copyOf(identifiers);
    }

    /** Reads the section {@code events}. */
    static EventsConfig read(Section section) {
        List<String> types = section.texts("types");
        for (String type : types) {
            if (!TYPE.matcher(type).matches()) {
                section.problem("types", "\"" + type + "\" is no event type, such as user.delete");
            }
        }
        var tenants = new ArrayList<UUID>();
        for (String tenant : section.texts("tenants")) {
            try {
                tenants.add(UUID.fromString(tenant));
            } catch (IllegalArgumentException e) {
                section.problem("tenants", "\"" + tenant + "\" is no UUID");
            }
        }
        return new EventsConfig(
                types.isEmpty() ? Set.of("user.delete") : Set.copyOf(types),
                Set.copyOf(tenants),
                readIdentifiers(section));
    }

    boolean isOurs(UUID tenant) {
        return tenants.isEmpty() || tenants.contains(tenant);
    }

    private static Map<String, List<EventPointer>> readIdentifiers(Section section) {
        var pointers = new LinkedHashMap<String, List<EventPointer>>();
        if (!section.has("identifiers")) {
            DEFAULT_IDENTIFIERS.forEach((name, texts) ->
                    pointers.put(name, texts.stream().map(EventPointer::parse).toList()));
            return pointers;
        }
        Section configured = section.section("identifiers");
        for (String name : configured.keys()) {
            if (name.equals(Subject.USER_ID) || name.equals(Subject.TENANT_ID)) {
                configured.problem(name, "is kept always; take it out");
            }
            try {
                pointers.put(
                        name,
                        configured.texts(name).stream().map(EventPointer::parse).toList());
            } catch (IllegalArgumentException e) {
                configured.problem(name, String.valueOf(e.getMessage()));
            }
        }
        return pointers;
    }

    // The top-level fields can be missing where the identities are there, and the other way round.
    private static Map<String, List<String>> defaultIdentifiers() {
        var pointers = new LinkedHashMap<String, List<String>>();
        for (String name : List.of("email", "username", "phoneNumber")) {
            pointers.put(name, List.of("/user/" + name, "/user/identities/[type=" + name + "]/value"));
        }
        return pointers;
    }
}
