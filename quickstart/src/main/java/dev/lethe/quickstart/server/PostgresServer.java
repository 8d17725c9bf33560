package dev.lethe.quickstart.server;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A real PostgreSQL 18 on 127.0.0.1, supervised by a child JVM. Killed or frozen, it comes back on the same port with the same
 * data. It trusts everyone on this machine who names the user {@value #USERNAME}; nothing but samples belongs in it.
 */
public final class PostgresServer implements AutoCloseable {

    public static final String USERNAME = "postgres";

    private static final Duration READY_WITHIN = Duration.ofMinutes(2);

    private final int port;
    private final Daemon postmaster;
    private final ServerProcess supervisor;
    private final List<Frozen> frozen = new ArrayList<>();

    private PostgresServer(int port, Daemon postmaster, ServerProcess supervisor) {
        this.port = port;
        this.postmaster = postmaster;
        this.supervisor = supervisor;
    }

    /** On any free port: see {@link #start(Path, int)}. */
    public static PostgresServer start(Path directory) {
        return start(directory, 0);
    }

    /**
     * Starts PostgreSQL and returns when it answers a query, after 2 to 6 s.
     *
     * @param directory holds data and log; what an earlier run left there is taken up again
     * @param port 0 for any free one
     */
    public static PostgresServer start(Path directory, int port) {
        int actualPort = port == 0 ? FreePort.any() : port;
        Path data = directory.toAbsolutePath().resolve("data");
        Daemon postmaster = Daemon.postgres(data);
        ServerCommand command = new ServerCommand(
                "postgres",
                PostgresServerMain.class,
                directory,
                List.of("-Xmx128m", "-Dlogback.configurationFile=dev/lethe/quickstart/server/logback-server.xml"),
                List.of(data.toString(), Integer.toString(actualPort)),
                READY_WITHIN);
        try {
            return new PostgresServer(actualPort, postmaster, ServerProcess.start(command));
        } catch (ServerStartException e) {
            // It outlives a supervisor that was given up.
            postmaster.kill();
            throw e;
        }
    }

    public int port() {
        return port;
    }

    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database);
    }

    public DataSource dataSource(String database) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(jdbcUrl(database));
        source.setUser(USERNAME);
        return source;
    }

    /** Creates the database unless it is there. */
    public void createDatabase(String name) throws SQLException {
        try (Connection connection = dataSource("postgres").getConnection();
                PreparedStatement existing =
                        connection.prepareStatement("SELECT 1 FROM pg_database WHERE datname = ?");
                Statement create = connection.createStatement()) {
            existing.setString(1, name);
            try (ResultSet found = existing.executeQuery()) {
                if (!found.next()) {
                    create.execute("CREATE DATABASE " + create.enquoteIdentifier(name, true));
                }
            }
        }
    }

    /** The postmaster's process id; the parent of every other process of this server. */
    public long pid() {
        return postmaster
                .process()
                .orElseThrow(() -> new IllegalStateException("PostgreSQL is not running"))
                .pid();
    }

    /** The process id of the JVM that watches over the postmaster. */
    public long supervisorPid() {
        return supervisor.pid();
    }

    public Path log() {
        return supervisor.log();
    }

    /** SIGKILL to every process of the server, as a crash of the machine would: it has to recover from its log. */
    public synchronized void kill() {
        thaw();
        postmaster.kill();
        supervisor.kill();
    }

    /** SIGSTOP to every process of the server: connections stay open, and nothing is answered. */
    public synchronized void freeze() {
        if (frozen.isEmpty()) {
            // The postmaster first: it starts no further process then.
            frozen.add(Frozen.freeze(List.of(pid())));
            List<Long> backends = postmaster.children();
            if (!backends.isEmpty()) {
                frozen.add(Frozen.freeze(backends));
            }
        }
    }

    public synchronized void thaw() {
        frozen.forEach(Frozen::close);
        frozen.clear();
    }

    /** Starts it again on the same port with the same data, after an orderly stop if it is running. */
    public synchronized void restart() {
        thaw();
        supervisor.restart();
    }

    @Override
    public synchronized void close() {
        thaw();
        supervisor.close();
        postmaster.kill();
    }
}
