package dev.lethe.worker.store.jdbc;

import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/** A PostgreSQL in processes of this machine. */
final class ProcessPostgres implements Postgres.Server {
    static {
        // Repeats all that the server says.
        ((Logger) LoggerFactory.getLogger("io.zonky")).setLevel(Level.OFF);
    }

    private final Path directory;
    private EmbeddedPostgres server;

    ProcessPostgres(Path directory) {
        this.directory = directory;
        this.server = start(0);
    }

    private EmbeddedPostgres start(int port) {
        try {
            var builder = EmbeddedPostgres.builder()
                    .setDataDirectory(directory)
                    .setCleanDataDirectory(false)
                    .setServerConfig("synchronous_commit", "on");
            return (port == 0 ? builder : builder.setPort(port)).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public int port() {
        return server.getPort();
    }

    @Override
    public void kill() {
        Path pidFile = directory.resolve("postmaster.pid");
        try {
            signal("QUIT", Long.parseLong(Files.readAllLines(pidFile).getFirst()));
            await().until(() -> Files.notExists(pidFile));
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void restart() {
        server = start(server.getPort());
    }

    @Override
    public void signal(String signal, long pid) {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
