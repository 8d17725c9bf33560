package dev.lethe.quickstart.server;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The JVM that starts PostgreSQL and stops it: the database detaches from whoever starts it. */
final class PostgresServerMain {

    private static final Duration START_WITHIN = Duration.ofSeconds(30);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

    private PostgresServerMain() {}

    public static void main(String[] arguments) {
        ServedChild.run(() -> start(Path.of(arguments[0]), Integer.parseInt(arguments[1])));
    }

    private static AutoCloseable start(Path data, int port) throws IOException {
        Daemon postmaster = Daemon.postgres(data);
        // One whose supervisor was killed.
        postmaster.kill();
        Path initialized = data.resolveSibling("initialized");
        if (!Files.exists(initialized)) {
            // What an interrupted first start left would not be taken up.
            delete(data);
        }
        try {
            EmbeddedPostgres postgres = embedded(data, port).start();
            Files.write(initialized, List.of());
            ProcessHandle process = postmaster.process().orElseThrow();
            return () -> {
                try {
                    postgres.close();
                } finally {
                    postmaster.stop(process, STOP_WITHIN);
                }
            };
        } catch (IOException | RuntimeException e) {
            postmaster.kill();
            throw e;
        }
    }

    private static EmbeddedPostgres.Builder embedded(Path data, int port) {
        ProcessBuilder.Redirect log = ProcessBuilder.Redirect.appendTo(
                data.resolveSibling("postgres.log").toFile());
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPort(port)
                .setPGStartupWait(START_WITHIN)
                .setOutputRedirector(log)
                .setErrorRedirector(log)
                // The same sort order and case rules on every machine.
                .setLocaleConfig("locale", "C")
                .setLocaleConfig("locale-provider", "builtin")
                .setLocaleConfig("builtin-locale", "C.UTF-8")
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("unix_socket_directories", "")
                // The library turns both off.
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("max_connections", "100")
                .setServerConfig("shared_buffers", "64MB");
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> paths = Files.walk(directory)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
