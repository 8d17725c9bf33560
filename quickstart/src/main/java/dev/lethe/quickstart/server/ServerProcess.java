package dev.lethe.quickstart.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A server in a child JVM. However this JVM ends, by itself, by Ctrl-C, by SIGTERM or by SIGKILL, the child sees the end of its
 * standard input, stops its server and exits; a frozen one is thawed for that.
 *
 * <p>Safe for use by several threads. Every method that changes the child's state returns when the change is done.
 */
public final class ServerProcess implements AutoCloseable {

    private static final Duration STOP_WITHIN = Duration.ofSeconds(35);
    private static final int TAIL_LINES = 40;

    private final ServerCommand command;
    private volatile Process process;
    private @Nullable Frozen frozen;

    private ServerProcess(ServerCommand command) {
        this.command = command;
        this.process = launch(command);
    }

    /** Starts the server and returns when it is ready. Throws {@link ServerStartException} if it dies or takes too long. */
    public static ServerProcess start(ServerCommand command) {
        return new ServerProcess(command);
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Completes when the child has gone. */
    public CompletableFuture<?> onExit() {
        return process.onExit();
    }

    /** What the child wrote, of all its runs. */
    public Path log() {
        return command.log();
    }

    /** SIGKILL: the child gets no chance to stop in order. */
    public synchronized void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        dropFrozen();
    }

    /** SIGSTOP: the child's ports stay open, but nobody answers. */
    public synchronized void freeze() {
        if (frozen == null && process.isAlive()) {
            frozen = Frozen.freeze(List.of(process.pid()));
        }
    }

    /** SIGCONT. */
    public synchronized void thaw() {
        dropFrozen();
    }

    /** Starts the server again with the same command line, after an orderly stop if it is still running. */
    public synchronized void restart() {
        close();
        process = launch(command);
    }

    /** Asks the child to stop, and forces it if it does not. */
    @Override
    public synchronized void close() {
        dropFrozen();
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // The child has gone already.
        }
        try {
            if (!process.waitFor(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                kill();
            }
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
        }
    }

    private void dropFrozen() {
        if (frozen != null) {
            frozen.close();
            frozen = null;
        }
    }

    private static Process launch(ServerCommand command) {
        Process process = spawn(command);
        CompletableFuture<Void> ready = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name(command.name() + "-output").start(() -> watchOutput(process, ready));
        try {
            ready.get(command.readyWithin().toMillis(), TimeUnit.MILLISECONDS);
            return process;
        } catch (TimeoutException e) {
            throw failed(command, process, "was not ready within " + command.readyWithin(), e);
        } catch (ExecutionException e) {
            throw failed(command, process, "stopped before it was ready", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(command, process, "was interrupted while it started", e);
        }
    }

    private static Process spawn(ServerCommand command) {
        try {
            Files.createDirectories(command.directory());
            return new ProcessBuilder(command.commandLine())
                    .redirectError(
                            ProcessBuilder.Redirect.appendTo(command.log().toFile()))
                    .start();
        } catch (IOException e) {
            throw new ServerStartException(command.name() + " could not be started", e);
        }
    }

    /** Reads on after the ready line, so that the child never blocks on a full pipe. */
    private static void watchOutput(Process process, CompletableFuture<Void> ready) {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.equals(ServedChild.READY)) {
                    ready.complete(null);
                }
            }
        } catch (IOException e) {
            ready.completeExceptionally(e);
        }
        ready.completeExceptionally(new IOException("end of output"));
    }

    private static ServerStartException failed(
            ServerCommand command, Process process, String what, @Nullable Throwable cause) {
        process.destroyForcibly();
        return new ServerStartException(
                "%s %s. The end of %s:%n%s".formatted(command.name(), what, command.log(), tail(command.log())), cause);
    }

    private static String tail(Path log) {
        try {
            List<String> lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
