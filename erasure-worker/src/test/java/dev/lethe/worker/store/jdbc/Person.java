package dev.lethe.worker.store.jdbc;

import dev.lethe.events.Subject;
import dev.lethe.events.SubjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * Somebody whom the company schemas know.
 *
 * @param name nobody else's, and in none of the identifiers
 */
record Person(int number, String name, Subject subject) {
    private static final List<String> FIRST_NAMES =
            List.of("Ada", "Bo", "Chidi", "Dilek", "Elif", "Femi", "Grace", "Hana", "Ivo", "Jun");

    /** The same people for the same seed. */
    static List<Person> people(int count, Random random) {
        return IntStream.range(0, count)
                .mapToObj(number -> person(number, random))
                .toList();
    }

    private static Person person(int number, Random random) {
        String first = FIRST_NAMES.get(random.nextInt(FIRST_NAMES.size()));
        var emails = new ArrayList<>(List.of("%s%d@example.org".formatted(first, number)));
        if (random.nextInt(7) == 0) {
            emails.add("%s.%d@mail.example.net".formatted(first, number));
        }
        var key = new SubjectKey("%022d".formatted(number));
        Map<String, List<String>> identifiers = Map.of(
                "email",
                emails,
                "username",
                List.of("%s_%d".formatted(first, number)),
                "customerNumber",
                List.of(Long.toString(7_000_000_000L + number)));
        return new Person(
                number, first + number + "son", new Subject(key, uuid(random).toString(), null, identifiers));
    }

    /** A uuid of version 4: MariaDB takes none that claims to be of no version. */
    static UUID uuid(Random random) {
        return new UUID(random.nextLong() & ~0xf000L | 0x4000L, random.nextLong() >>> 2 | Long.MIN_VALUE);
    }

    String userId() {
        return subject.userId();
    }

    List<String> emails() {
        return subject.values("email");
    }

    String email() {
        return emails().getFirst();
    }

    String username() {
        return subject.values("username").getFirst();
    }

    long customerNumber() {
        return Long.parseLong(subject.values("customerNumber").getFirst());
    }

    /** What the subject's outcomes and pseudonyms are keyed by. */
    String key() {
        return subject.key().toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Person person && number == person.number;
    }

    @Override
    public int hashCode() {
        return number;
    }

    @Override
    public String toString() {
        return "person " + number;
    }
}
