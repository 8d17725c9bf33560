package dev.lethe.quickstart.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Processes that are stopped by SIGSTOP until this is closed.
 *
 * <p>A frozen child could not notice that its parent died. So a shell holds it: when the pipe from this JVM ends, closed or
 * broken, the shell thaws what it froze.
 */
public final class Frozen implements AutoCloseable {

    private static final String FREEZE_UNTIL_INPUT_ENDS =
            "trap '' INT HUP TERM; kill -STOP \"$@\"; echo frozen; read -r line; kill -CONT \"$@\"";

    private final Process shell;

    private Frozen(Process shell) {
        this.shell = shell;
    }

    /** Returns when they are stopped. */
    public static Frozen freeze(List<Long> pids) {
        List<String> line = new ArrayList<>(List.of("/bin/sh", "-c", FREEZE_UNTIL_INPUT_ENDS, "sh"));
        pids.forEach(pid -> line.add(Long.toString(pid)));
        try {
            Process shell = new ProcessBuilder(line)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            shell.inputReader(StandardCharsets.UTF_8).readLine();
            return new Frozen(shell);
        } catch (IOException e) {
            throw new UncheckedIOException("Could not freeze " + pids, e);
        }
    }

    @Override
    public void close() {
        try {
            shell.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            shell.waitFor();
        } catch (InterruptedException e) {
            // The shell thaws all the same.
            Thread.currentThread().interrupt();
        }
    }
}
