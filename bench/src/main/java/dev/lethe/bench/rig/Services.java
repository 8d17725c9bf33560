package dev.lethe.bench.rig;

import dev.lethe.quickstart.server.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Starts services as their image does: its options, its libraries, the memory of the sample manifests. */
public final class Services {
    /** What the manifests for Kubernetes give an ingress and a worker. */
    private static final String INGRESS_MEMORY = "-XX:MaxRAM=384m";

    private static final String WORKER_MEMORY = "-XX:MaxRAM=512m";

    private final Path folder;
    private final Broker broker;
    private final Collection<Path> jars;
    private final Collection<Path> everything;
    private final List<String> options;

    /** @param more options of every JVM */
    public Services(Path folder, Broker broker, List<String> more) throws IOException {
        this.folder = folder;
        this.broker = broker;
        Checkout checkout = Checkout.find();
        jars = checkout.jarsOfServices();
        everything = List.of(checkout.root().resolve("quickstart/target/lib").resolve("*"));
        options = new ArrayList<>(checkout.javaOptions());
        options.addAll(more);
    }

    /**
     * A service that runs.
     *
     * @param port where it is called; a worker's is 0
     * @param managementPort where it is asked how it is
     * @param seconds from the start of its process until it was ready
     */
    public record Service(Child process, int port, int managementPort, double seconds) implements AutoCloseable {
        public Metrics metrics() throws IOException, InterruptedException {
            return Metrics.of(managementPort);
        }

        @Override
        public void close() {
            process.close();
        }
    }

    public Service ingress() throws IOException, InterruptedException {
        int port = FreePort.any();
        int managementPort = FreePort.any();
        return lethe("ingress", INGRESS_MEMORY, port, managementPort, """
                http: { host: 127.0.0.1, port: %d }
                management: { host: 127.0.0.1, port: %d }
                authentication: { apiKeys: ["%s"] }
                kafka: { bootstrap.servers: "%s" }
                durability: single-node
                keys: %s
                """.formatted(
                        port, managementPort, Event.API_KEY, broker.bootstrapServers(), broker.keyFile()));
    }

    /** @param stores the stores by their names, as in a configuration */
    public Service worker(String stores) throws IOException, InterruptedException {
        return worker(1, stores);
    }

    /** @param lanesPerStore with two, one lane reads and reports while a store works for the other */
    public Service worker(int lanesPerStore, String stores) throws IOException, InterruptedException {
        int managementPort = FreePort.any();
        return lethe(
                "worker",
                WORKER_MEMORY,
                0,
                managementPort,
                """
                management: { host: 127.0.0.1, port: %d }
                kafka: { bootstrap.servers: "%s" }
                durability: single-node
                keys: %s
                lanesPerStore: %d
                stores:
                """.formatted(managementPort, broker.bootstrapServers(), broker.keyFile(), lanesPerStore)
                        + stores.indent(2));
    }

    private Service lethe(String command, String memory, int port, int managementPort, String yaml)
            throws IOException, InterruptedException {
        String name = command + "-" + managementPort;
        Path config = folder.resolve(name + ".yaml");
        Files.writeString(config, yaml);
        return start(
                name,
                memory,
                jars,
                List.of("dev.lethe.cli.Lethe", command, "--config", config.toString()),
                port,
                managementPort);
    }

    /** The limit of an ingress, with the ingress's options. */
    public Service bareHandler() throws IOException, InterruptedException {
        int port = FreePort.any();
        return start(
                "bare-handler",
                INGRESS_MEMORY,
                everything,
                List.of(BareHandler.class.getName(), Integer.toString(port)),
                port,
                port);
    }

    private Service start(
            String name, String memory, Collection<Path> jars, List<String> main, int port, int managementPort)
            throws IOException, InterruptedException {
        var all = new ArrayList<>(options);
        all.add(memory);
        Child child = Child.java(name, folder, all, jars, main);
        try {
            double seconds = child.awaitReady("http://127.0.0.1:" + managementPort + "/health/ready");
            return new Service(child, port, managementPort, seconds);
        } catch (IOException | InterruptedException e) {
            child.close();
            throw e;
        }
    }
}
