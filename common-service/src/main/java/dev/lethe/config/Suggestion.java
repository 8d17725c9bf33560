package dev.lethe.config;

import java.util.Collection;
import java.util.Comparator;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** "Did you mean": the known name that is nearest to a mistyped one. */
public final class Suggestion {
    private static final LevenshteinDistance DISTANCE = LevenshteinDistance.getDefaultInstance();

    private Suggestion() {}

    /** The end of a message about a name that is not among the known ones; empty if there are none. */
    public static String nearest(String name, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparing(candidate -> DISTANCE.apply(name, candidate)))
                .filter(candidate -> DISTANCE.apply(name, candidate) <= Math.max(2, name.length() / 3))
                .map(candidate -> ", did you mean \"" + candidate + "\"?")
                .orElse(known.isEmpty() ? "" : ", known are " + String.join(", ", known));
    }

    /** How many characters have to be added, taken out or replaced to make one name of the other. */
    public static int distance(String one, String other) {
        return DISTANCE.apply(one, other);
    }
}
