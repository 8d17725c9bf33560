package dev.lethe.ingress.webhook;

import dev.lethe.config.MisconfiguredException;
import dev.lethe.config.Secret;
import java.io.Console;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The secrets of one run, which never are arguments: arguments stay in shell histories and in lists of processes. */
final class Credentials {
    static final String FUSIONAUTH_API_KEY = "FUSIONAUTH_API_KEY";
    static final String INGRESS_API_KEY = "LETHE_API_KEY";
    static final String BASIC_PASSWORD = "LETHE_BASIC_PASSWORD";

    private final Map<String, String> environment;
    private final Function<String, Optional<String>> prompt;
    private final List<String> used = new ArrayList<>();

    /** @param prompt asks a question on the terminal; empty without a terminal */
    Credentials(Map<String, String> environment, Function<String, Optional<String>> prompt) {
        this.environment = Map.copyOf(environment);
        this.prompt = prompt;
    }

    boolean has(String variable) {
        return !environment.getOrDefault(variable, "").isBlank();
    }

    /**
     * The secret in a variable, or else from the terminal.
     *
     * @param what it is, for question and error message
     */
    Secret require(String variable, String what) throws CredentialException {
        String secret = Optional.ofNullable(environment.get(variable))
                .or(() -> prompt.apply(what))
                .filter(value -> !value.isBlank())
                .orElseThrow(() -> new CredentialException(what
                        + " is missing: set the environment variable " + variable
                        + ", or run this on a terminal to be asked"));
        if (secret.chars().anyMatch(character -> character < ' ' || character > '~')) {
            throw new CredentialException(what + " (" + variable
                    + ") holds a line break or another character that can't be in an HTTP header");
        }
        used.add(secret);
        return new Secret(secret);
    }

    /** Text from elsewhere, without the secrets that this run has used. */
    String redact(String text) {
        String redacted = text;
        for (String secret : used) {
            redacted = redacted.replace(secret, "***");
        }
        return redacted;
    }

    @SuppressWarnings("SystemConsoleNull") // isTerminal looks further
    static Optional<String> askOnTerminal(String what) {
        Console console = System.console();
        return console == null || !isTerminal(console)
                ? Optional.empty()
                : Optional.ofNullable(console.readPassword("%s: ", what)).map(String::new);
    }

    /** Since JDK 22 there is a console without a terminal, and a method to tell; JDK 21 has neither. */
    private static boolean isTerminal(Console console) {
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    static Optional<String> askNobody(String what) {
        return Optional.empty();
    }

    static final class CredentialException extends MisconfiguredException {
        private static final long serialVersionUID = 1;

        CredentialException(String message) {
            super(message);
        }
    }
}
