package dev.lethe.ledger.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

/** The static tokens. */
final class Tokens {
    private final List<byte[]> known;
    /** In the same order. */
    private final List<Person> persons;

    Tokens(List<TokenConfig> tokens) {
        known = tokens.stream()
                .map(token -> token.token().reveal().getBytes(StandardCharsets.UTF_8))
                .toList();
        persons = tokens.stream()
                .map(token -> new Person(token.name(), token.name(), token.role()))
                .toList();
    }

    /** Whether there is one with which people can sign in. */
    boolean areThere() {
        return persons.stream().anyMatch(Tokens::isPerson);
    }

    /** Whether the token signs in to the console. */
    static boolean isPerson(Person person) {
        return person.role() != Role.CONTROLLER;
    }

    /** Whose it is. The time this takes tells how long {@code presented} is, and nothing about the tokens but their number. */
    Optional<Person> personOf(String presented) {
        byte[] bytes = presented.getBytes(StandardCharsets.UTF_8);
        Optional<Person> found = Optional.empty();
        for (int i = 0; i < known.size(); i++) {
            if (MessageDigest.isEqual(bytes, known.get(i))) {
                found = Optional.of(persons.get(i));
            }
        }
        return found;
    }
}
