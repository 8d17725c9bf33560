package dev.lethe.ledger.console.view;

import dev.lethe.ledger.access.Person;
import dev.lethe.ledger.access.Role;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What surrounds every page.
 *
 * @param tab which of the pages it belongs to; null for none
 * @param person who looks; null if nobody is signed in
 * @param csrf what every form carries
 * @param deadLetters how many wait for a human
 * @param notice what the reader has just done; null if nothing
 * @param assets gives the address of a file of the console's own
 */
public record Shell(
        String title,
        @Nullable Tab tab,
        @Nullable Person person,
        String csrf,
        long deadLetters,
        @Nullable String notice,
        UnaryOperator<String> assets) {

    public boolean isSignedIn() {
        return person != null;
    }

    public boolean isOperator() {
        return person != null && person.may(Role.OPERATOR);
    }

    public String shownName() {
        return person == null ? "" : person.shown();
    }

    public String role() {
        return person == null ? "" : person.role().word();
    }

    public String noticeTone() {
        return "good";
    }

    public String asset(String name) {
        return assets.apply(name);
    }
}
