package dev.lethe.quickstart.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** The main process of a server that detaches from whoever starts it, found through the file that it writes its id to. */
final class Daemon {

    private static final Duration GONE_WITHIN = Duration.ofSeconds(10);
    private static final Duration POLL_EVERY = Duration.ofMillis(5);

    private final Path pidFile;
    private final Path directory;

    /** @param directory its command line names it, or something in it */
    Daemon(Path pidFile, Path directory) {
        this.pidFile = pidFile;
        this.directory = directory;
    }

    static Daemon postgres(Path data) {
        return new Daemon(data.resolve("postmaster.pid"), data);
    }

    static Daemon redis(Path directory) {
        return new Daemon(directory.resolve("redis.pid"), directory);
    }

    /** Empty if it is not running. A file that a crash left behind does not count, even if its process id is in use again. */
    Optional<ProcessHandle> process() {
        try (Stream<String> lines = Files.lines(pidFile)) {
            return lines.findFirst()
                    .map(String::strip)
                    .filter(pid -> !pid.isEmpty())
                    .map(Long::valueOf)
                    .flatMap(ProcessHandle::of)
                    .filter(Daemon::isRunning)
                    .filter(this::servesThisDirectory);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Long> children() {
        return process().stream()
                .flatMap(ProcessHandle::descendants)
                .map(ProcessHandle::pid)
                .toList();
    }

    /** SIGKILL to it and to its children, if it is running. When this returns, another may start on the same directory. */
    void kill() {
        List<ProcessHandle> processes = process().stream()
                .flatMap(daemon -> Stream.concat(Stream.of(daemon), daemon.descendants()))
                .toList();
        processes.forEach(ProcessHandle::destroyForcibly);
        awaitEnd(processes, GONE_WITHIN);
        if (process().isEmpty()) {
            deletePidFile();
        }
    }

    /**
     * SIGTERM, and SIGKILL if it does not go in time.
     *
     * @param known its process, which goes even if its files have been deleted meanwhile
     */
    void stop(ProcessHandle known, Duration within) {
        known.destroy();
        awaitEnd(List.of(known), within);
        known.destroyForcibly();
        kill();
    }

    private static void awaitEnd(List<ProcessHandle> processes, Duration within) {
        long deadline = System.nanoTime() + within.toNanos();
        while (processes.stream().anyMatch(Daemon::isRunning) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(POLL_EVERY.toNanos());
        }
    }

    /** PostgreSQL does not start where the file names a process that still has its id, be it one that only waits to be reaped. */
    private void deletePidFile() {
        try {
            Files.deleteIfExists(pidFile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A process that ended but that nobody has waited for yet is still listed, without a command. */
    private static boolean isRunning(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }

    private boolean servesThisDirectory(ProcessHandle process) {
        return process.info()
                .commandLine()
                .filter(line -> line.contains(directory.toString()))
                .isPresent();
    }
}
