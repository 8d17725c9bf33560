package dev.lethe.containers;

import com.github.dockerjava.api.command.WaitContainerResultCallback;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.testcontainers.containers.GenericContainer;

/**
 * A server in a container that can be killed, frozen and brought back with what it held, on the same port of this machine. A
 * container's port is usually another one after each start.
 */
public final class ServerContainer implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(5);

    private final GenericContainer<?> container;
    private final int port;

    private ServerContainer(GenericContainer<?> container, int port) {
        this.container = container;
        this.port = port;
    }

    /** Whether servers of tests are containers, where there is a choice: with {@code -Pcontainers}. */
    public static boolean areWanted() {
        return Boolean.getBoolean("lethe.containers");
    }

    /** Starts a container whose server listens on this port; on this machine it has another. */
    public static ServerContainer start(GenericContainer<?> container, int port) {
        int here = freePort();
        container.withCreateContainerCmdModifier(command -> command.getHostConfig()
                .withPortBindings(
                        new PortBinding(Ports.Binding.bindIpAndPort("127.0.0.1", here), ExposedPort.tcp(port))));
        container.withStartupTimeout(START).start();
        return new ServerContainer(container, here);
    }

    /** Starts a container that shares this machine's network, and so its ports. Needs an engine on this machine. */
    public static ServerContainer startOnThisNetwork(GenericContainer<?> container, int port) {
        container.withNetworkMode("host").withStartupTimeout(START).start();
        return new ServerContainer(container, port);
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The port on 127.0.0.1. */
    public int port() {
        return port;
    }

    public boolean isRunning() {
        return container.isRunning();
    }

    /** SIGKILL to everything in it. */
    public void kill() {
        var client = container.getDockerClient();
        client.killContainerCmd(container.getContainerId()).exec();
        client.waitContainerCmd(container.getContainerId())
                .exec(new WaitContainerResultCallback())
                .awaitStatusCode();
    }

    /** SIGTERM, and SIGKILL if that does not end it in time. */
    public void stop() {
        container.getDockerClient().stopContainerCmd(container.getContainerId()).exec();
    }

    /** Starts what was killed or stopped; whether the server answers, the caller asks. */
    public void restart() {
        container
                .getDockerClient()
                .startContainerCmd(container.getContainerId())
                .exec();
    }

    /** Connections stay open, and nothing is answered. */
    public void freeze() {
        container
                .getDockerClient()
                .pauseContainerCmd(container.getContainerId())
                .exec();
    }

    public void thaw() {
        container
                .getDockerClient()
                .unpauseContainerCmd(container.getContainerId())
                .exec();
    }

    /** Sends a signal to a process by the number that it has inside. */
    public void signal(String signal, long pid) {
        try {
            var result = container.execInContainer("sh", "-c", "kill -" + signal + " " + pid);
            if (result.getExitCode() != 0) {
                throw new IllegalStateException(result.getStderr());
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        container.stop();
    }
}
