package dev.lethe.quickstart.sample;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;

/**
 * Fictional people. Among them are those whose deletion goes wrong most easily: names with apostrophes and letters beyond ASCII,
 * namesakes, and addresses that differ in so little that a pattern, a prefix or a case-insensitive comparison takes one for the
 * other.
 */
public final class People {

    private static final String[] FIRST_NAMES = {
        "Ada",
        "Björn",
        "Chloé",
        "Dáithí",
        "Esra",
        "Frédéric",
        "Grace",
        "Hüseyin",
        "Ingrid",
        "José",
        "Katarzyna",
        "Lê",
        "Małgorzata",
        "Noor",
        "Ólafur",
        "Priya",
        "Quentin",
        "Renée",
        "Søren",
        "Thandiwe",
        "Uğur",
        "Valérie",
        "Wei",
        "Ximena",
        "Yūki",
        "Zoë"
    };

    private static final String[] LAST_NAMES = {
        "O'Neil",
        "D'Angelo",
        "Müller-Lüdenscheidt",
        "van 't Hoff",
        "Smith",
        "Nguyễn",
        "Łukasiewicz",
        "García",
        "Ødegård",
        "N'Diaye",
        "Kowalska",
        "Yıldız",
        "O'Brien",
        "Sørensen",
        "Tanaka",
        "Okonkwo",
        "Papadopoulos",
        "Ivanova",
        "L'Écuyer"
    };

    private People() {}

    /** The same people for the same arguments, and the first ones of a larger number. No two share an id, e-mail, username or phone. */
    public static List<Person> generate(int number, long seed) {
        Random random = new Random(seed);
        List<Person> people = new ArrayList<>(number);
        for (int i = 0; i < number; i++) {
            Person previous = people.isEmpty() ? null : people.getLast();
            String firstName = FIRST_NAMES[random.nextInt(FIRST_NAMES.length)];
            String lastName = LAST_NAMES[random.nextInt(LAST_NAMES.length)];
            UUID id = uuid(random);
            int kind = i % 10;
            if (previous != null && kind == 6) {
                firstName = previous.firstName();
                lastName = previous.lastName();
            }
            people.add(
                    previous != null && kind >= 1 && kind <= 5
                            ? lookAlike(id, kind, i, people.get(i - kind), firstName, lastName)
                            : new Person(
                                    id,
                                    login(firstName, lastName, i) + "@post.example",
                                    login(firstName, lastName, i),
                                    phone(i),
                                    firstName,
                                    lastName));
        }
        return people;
    }

    /** The first of ten is the one whom the next five resemble. */
    private static Person lookAlike(UUID id, int kind, int index, Person original, String firstName, String lastName) {
        String login = original.username();
        String lookAlike = switch (kind) {
            case 1 -> login;
            case 2 -> login.replace('_', '%');
            case 3 -> login.replace('_', 'x');
            case 4 -> login.toUpperCase(Locale.ROOT);
            default -> login.substring(0, login.length() - 1);
        };
        // One has the other's whole address for a prefix.
        String domain = kind == 1 ? "@post.example.org" : "@post.example";
        String username = kind == 1 ? login + "_" : kind == 4 ? login + ".caps" : lookAlike;
        return new Person(id, lookAlike + domain, username, phone(index), firstName, lastName);
    }

    /** Ends in a letter, so that a login without its last character is nobody else's. */
    private static String login(String firstName, String lastName, int index) {
        return "%s_%s%dq".formatted(ascii(firstName), ascii(lastName), index);
    }

    private static String ascii(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFD)
                .replaceAll("[^A-Za-z']", "")
                .toLowerCase(Locale.ROOT);
    }

    /** 555-01xx is set aside for fiction in every area of the North American numbering plan. */
    private static String phone(int index) {
        return "+1%03d55501%02d".formatted(200 + index / 100, index % 100);
    }

    private static UUID uuid(Random random) {
        long high = (random.nextLong() & 0xffffffffffff0fffL) | 0x4000L;
        long low = (random.nextLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
        return new UUID(high, low);
    }
}
