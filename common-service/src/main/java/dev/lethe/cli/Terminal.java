package dev.lethe.cli;

import java.io.Console;
import java.util.Optional;

/** Whether somebody is looking. */
@SuppressWarnings("SystemConsoleNull") // whether it is a terminal is asked, where the JDK can tell
public final class Terminal {
    private Terminal() {}

    /** Whether a person sees what is printed, and can answer. */
    public static boolean isInteractive() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            // From JDK 22 on there is a console even where there is no terminal.
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    /** Asks a question, and takes anything but {@code yes} for a no. Only for an {@linkplain #isInteractive interactive} terminal. */
    public static boolean confirms(String question) {
        Console console = System.console();
        return console != null && "yes".equals(console.readLine("%s [yes/no] ", question));
    }

    /** Asks for a secret, which is not shown while it is typed; empty where nobody can answer. */
    public static Optional<String> askSecretly(String what) {
        Console console = System.console();
        return console == null || !isInteractive()
                ? Optional.empty()
                : Optional.ofNullable(console.readPassword("%s: ", what)).map(String::new);
    }
}
