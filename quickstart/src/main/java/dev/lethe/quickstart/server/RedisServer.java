package dev.lethe.quickstart.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A real Redis 6.2 on 127.0.0.1, supervised by a child JVM. What it has acknowledged is on the disk. It asks nobody for a
 * password; nothing but samples belongs in it.
 */
public final class RedisServer implements AutoCloseable {

    private static final Duration READY_WITHIN = Duration.ofMinutes(1);

    private final int port;
    private final Daemon daemon;
    private final ServerProcess supervisor;

    private RedisServer(int port, Daemon daemon, ServerProcess supervisor) {
        this.port = port;
        this.daemon = daemon;
        this.supervisor = supervisor;
    }

    /**
     * Starts Redis and returns when it answers.
     *
     * @param directory holds data and log; what an earlier run left there is taken up again
     * @param port 0 for any free one
     */
    public static RedisServer start(Path directory, int port) {
        int actualPort = port == 0 ? FreePort.any() : port;
        Path home = directory.toAbsolutePath();
        Daemon daemon = Daemon.redis(home);
        try {
            Files.createDirectories(home);
            // One whose supervisor was killed: its binary could not be replaced while it runs.
            daemon.kill();
            Path binary = RedisBinary.find(home);
            Files.writeString(home.resolve("redis.conf"), configuration(home, actualPort));
            return new RedisServer(
                    actualPort,
                    daemon,
                    ServerProcess.start(new ServerCommand(
                            "redis",
                            RedisServerMain.class,
                            home,
                            List.of("-Xmx64m"),
                            List.of(binary.toString(), home.toString(), Integer.toString(actualPort)),
                            READY_WITHIN)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ServerStartException e) {
            // It outlives a supervisor that was given up.
            daemon.kill();
            throw e;
        }
    }

    /** Detached, so that a Ctrl-C does not reach it before its turn. */
    private static String configuration(Path home, int port) {
        return """
                bind 127.0.0.1
                port %d
                daemonize yes
                set-proc-title no
                dir %s
                pidfile %s
                logfile %s
                appendonly yes
                appendfsync always
                save ""
                """.formatted(port, quoted(home), quoted(home.resolve("redis.pid")), quoted(home.resolve("redis.log")));
    }

    private static String quoted(Path path) {
        return '"' + path.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    public int port() {
        return port;
    }

    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    public long pid() {
        return daemon.process()
                .orElseThrow(() -> new IllegalStateException("Redis is not running"))
                .pid();
    }

    /** The process id of the JVM that watches over it. */
    public long supervisorPid() {
        return supervisor.pid();
    }

    /** SIGKILL to the server and to its supervisor. */
    public synchronized void kill() {
        daemon.kill();
        supervisor.kill();
    }

    /** Starts it again on the same port with the same data, after an orderly stop if it is running. */
    public synchronized void restart() {
        close();
        supervisor.restart();
    }

    @Override
    public synchronized void close() {
        supervisor.close();
        daemon.kill();
    }
}
