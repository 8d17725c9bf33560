package dev.lethe.quickstart.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;

/** Ports of 127.0.0.1 that nobody listens on. */
public final class FreePort {

    private static final Set<Integer> GIVEN_AWAY = new HashSet<>();

    private FreePort() {}

    /** A free port, never the same one twice in this JVM: servers that start in parallel do not collide. */
    public static synchronized int any() {
        while (true) {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                if (GIVEN_AWAY.add(socket.getLocalPort())) {
                    return socket.getLocalPort();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The usual port where it is free, else any free one. */
    public static synchronized int usually(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            if (GIVEN_AWAY.add(socket.getLocalPort())) {
                return port;
            }
        } catch (IOException e) {
            // Taken.
        }
        return any();
    }
}
