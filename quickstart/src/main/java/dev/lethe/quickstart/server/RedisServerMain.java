package dev.lethe.quickstart.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/** The JVM that starts Redis and stops it. */
final class RedisServerMain {

    private static final Duration START_WITHIN = Duration.ofSeconds(30);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(10);
    private static final Duration POLL_EVERY = Duration.ofMillis(5);
    private static final int ANSWER_WITHIN_MILLIS = 1_000;

    private static final byte[] PING = "PING\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PONG = "+PONG\r\n".getBytes(StandardCharsets.US_ASCII);

    private RedisServerMain() {}

    public static void main(String[] arguments) {
        ServedChild.run(() -> start(Path.of(arguments[0]), Path.of(arguments[1]), Integer.parseInt(arguments[2])));
    }

    private static AutoCloseable start(Path binary, Path home, int port) throws IOException, InterruptedException {
        Daemon redis = Daemon.redis(home);
        // One whose supervisor was killed.
        redis.kill();
        try {
            ProcessBuilder.Redirect log =
                    ProcessBuilder.Redirect.appendTo(home.resolve("redis.log").toFile());
            int exitCode = new ProcessBuilder(
                            binary.toString(), home.resolve("redis.conf").toString())
                    .redirectOutput(log)
                    .redirectError(log)
                    .start()
                    .waitFor();
            if (exitCode != 0) {
                throw new IOException(binary + " ended with " + exitCode);
            }
            ProcessHandle process = awaitAnswer(redis, port);
            exitWhenItStops(process);
            return () -> redis.stop(process, STOP_WITHIN);
        } catch (IOException | InterruptedException | RuntimeException e) {
            redis.kill();
            throw e;
        }
    }

    /** One that gave up, for a full disk say, must not look alive. */
    private static void exitWhenItStops(ProcessHandle redis) {
        Thread.ofPlatform().daemon().name("redis").start(() -> {
            redis.onExit().join();
            System.exit(1);
        });
    }

    private static ProcessHandle awaitAnswer(Daemon redis, int port) throws IOException {
        long deadline = System.nanoTime() + START_WITHIN.toNanos();
        while (System.nanoTime() < deadline) {
            if (answers(port) && redis.process().isPresent()) {
                return redis.process().orElseThrow();
            }
            LockSupport.parkNanos(POLL_EVERY.toNanos());
        }
        throw new IOException("Redis did not answer within " + START_WITHIN);
    }

    /** It refuses connections at first, and then commands while it reads its data. */
    private static boolean answers(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(ANSWER_WITHIN_MILLIS);
            socket.getOutputStream().write(PING);
            return Arrays.equals(socket.getInputStream().readNBytes(PONG.length), PONG);
        } catch (IOException e) {
            return false;
        }
    }
}
