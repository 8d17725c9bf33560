package dev.lethe.quickstart.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Ports of 127.0.0.1 that nobody listens on. */
public final class FreePort {
    /**
     * Below the ports that operating systems give to outgoing connections (from 32768 on Linux, 49152 elsewhere): such a
     * connection could take a port between the look at it and the start of the server.
     */
    private static final int LOWEST = 12_000;

    private static final int HIGHEST = 32_000;
    private static final int TRIES = 1_000;

    private static final Set<Integer> GIVEN_AWAY = new HashSet<>();

    private FreePort() {}

    /** A free port, never the same one twice in this JVM: servers that start in parallel do not collide. */
    public static synchronized int any() {
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (isFree(port) && GIVEN_AWAY.add(port)) {
                return port;
            }
        }
        throw new UncheckedIOException(
                new IOException("no free port between %d and %d in %d tries".formatted(LOWEST, HIGHEST, TRIES)));
    }

    /** The usual port where it is free, else any free one. */
    public static synchronized int usually(int port) {
        return isFree(port) && GIVEN_AWAY.add(port) ? port : any();
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
