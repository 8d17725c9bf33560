package dev.lethe.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Arrays;

/** What {@code lethe ARGUMENTS} left behind: the whole command line, in this process, with its output caught. */
public record LetheRun(int exitCode, String out, String err) {
    /** @param arguments as they are, with {@code toString} for paths and ids */
    public static LetheRun of(Object... arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        var caughtOut = new ByteArrayOutputStream();
        var caughtErr = new ByteArrayOutputStream();
        System.setOut(new PrintStream(caughtOut, true, UTF_8));
        System.setErr(new PrintStream(caughtErr, true, UTF_8));
        try {
            int exitCode =
                    Lethe.run(Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
            return new LetheRun(exitCode, caughtOut.toString(UTF_8), caughtErr.toString(UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }
}
