package dev.lethe.quickstart;

import dev.lethe.config.ConfigFile;
import dev.lethe.config.MisconfiguredException;
import dev.lethe.events.Durability;
import dev.lethe.events.TopicDefinition;
import dev.lethe.ingress.Ingress;
import dev.lethe.ingress.IngressConfig;
import dev.lethe.kafka.Topics;
import dev.lethe.keys.KeyFile;
import dev.lethe.ledger.app.Ledger;
import dev.lethe.ledger.app.LedgerConfig;
import dev.lethe.ledger.keys.LedgerKeys;
import dev.lethe.quickstart.fusionauth.FusionAuthSimulator;
import dev.lethe.quickstart.sample.People;
import dev.lethe.quickstart.sample.Person;
import dev.lethe.quickstart.sample.SampleDatabase;
import dev.lethe.quickstart.sample.SampleStore;
import dev.lethe.quickstart.sample.ShopDatabase;
import dev.lethe.quickstart.sample.SupportDatabase;
import dev.lethe.quickstart.server.FreePort;
import dev.lethe.quickstart.server.KafkaServer;
import dev.lethe.quickstart.server.PostgresServer;
import dev.lethe.worker.app.Worker;
import dev.lethe.worker.app.WorkerConfig;
import dev.lethe.worker.lane.LaneStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;

/**
 * A whole installation on 127.0.0.1: Kafka, two PostgreSQL databases with people in them, further stores where they are asked
 * for, their FusionAuth, and the configuration files of the services. Ingress and worker are started by whoever needs them.
 */
public final class Installation implements AutoCloseable {
    /** The tenant of everybody in the samples. */
    public static final UUID TENANT = UUID.fromString("30663132-6464-6665-3032-326466613934");

    /** The console, as FusionAuth knows it. */
    public static final UUID CONSOLE = UUID.fromString("5f2c7c1e-6a55-4b1d-9d0f-0d6a4f6e9b21");

    private static final long SEED = 1;
    private static final Duration READY_WITHIN = Duration.ofSeconds(30);

    private final Path directory;
    private final KafkaServer kafka;
    private final PostgresServer postgres;
    private final Map<String, SampleDatabase> databases = new LinkedHashMap<>();
    private final List<FurtherStore> further;
    private final List<Person> people;
    private final FusionAuthSimulator fusionAuth;
    private final int ingressPort;
    private final int ingressManagementPort;
    private final int workerManagementPort;
    private final int ledgerPort;
    private final int ledgerManagementPort;
    private final String ingressKey = UUID.randomUUID().toString();
    private final String operatorToken = UUID.randomUUID().toString();
    private final String viewerToken = UUID.randomUUID().toString();

    /** With databases alone, and on any free ports, so that many can run at once. */
    public Installation(Path directory, int number, Progress progress)
            throws IOException, SQLException, MisconfiguredException, InterruptedException {
        this(directory, number, usual -> FreePort.any(), progress, List.of());
    }

    /**
     * Starts the servers and fills them. What an earlier run left in the folder is taken up again.
     *
     * @param directory holds all data, logs and configuration
     * @param number how many fictional people there are
     * @param ports chooses a port where another is usual
     * @param progress is told what has started
     * @param further stores besides the databases
     */
    Installation(
            Path directory, int number, IntUnaryOperator ports, Progress progress, List<FurtherStore.Start> further)
            throws IOException, SQLException, MisconfiguredException, InterruptedException {
        this.directory = directory;
        ingressPort = ports.applyAsInt(8080);
        ingressManagementPort = ports.applyAsInt(8081);
        workerManagementPort = ports.applyAsInt(8082);
        ledgerPort = ports.applyAsInt(8090);
        ledgerManagementPort = ports.applyAsInt(8091);
        this.people = People.generate(number, SEED);
        Files.createDirectories(directory);
        ExecutorService starting = Executors.newVirtualThreadPerTaskExecutor();
        Future<KafkaServer> broker = starting.submit(() -> progress.timed(
                "Kafka",
                () -> KafkaServer.start(directory.resolve("kafka"), ports.applyAsInt(9092), Map.of()),
                server -> server.bootstrapServers()));
        Future<PostgresServer> database = starting.submit(() -> progress.timed(
                "PostgreSQL",
                () -> PostgresServer.start(directory.resolve("postgres"), ports.applyAsInt(5432)),
                server -> "127.0.0.1:" + server.port()));
        var site = new FurtherStore.Site(directory, ports, people, database, progress);
        List<Future<FurtherStore>> stores = further.stream()
                .map(store -> starting.submit(() -> store.at(site)))
                .toList();
        try (starting) {
            kafka = started(broker);
            postgres = started(database);
            this.further = new ArrayList<>();
            for (Future<FurtherStore> store : stores) {
                this.further.add(started(store));
            }
            fusionAuth = FusionAuthSimulator.start(
                    ports.applyAsInt(9011), UUID.randomUUID().toString(), TENANT);
        } catch (InterruptedException | RuntimeException e) {
            // By now none is about to start: what runs is stopped before the folder under it goes.
            stores.forEach(store -> closeIfStarted(store, FurtherStore::close));
            closeIfStarted(broker, KafkaServer::close);
            closeIfStarted(database, PostgresServer::close);
            throw e;
        }
        try {
            prepare(progress);
        } catch (IOException | SQLException | MisconfiguredException | InterruptedException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void prepare(Progress progress)
            throws IOException, SQLException, MisconfiguredException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            List<String> stores = Stream.concat(
                            Stream.of("shop", "support"), further.stream().map(FurtherStore::name))
                    .toList();
            new Topics(admin, Durability.SINGLE_NODE).create(TopicDefinition.all(stores));
        }
        if (!Files.exists(keys())) {
            KeyFile.create(keys());
        }
        if (!Files.exists(ledgerKeys())) {
            LedgerKeys.create(ledgerKeys(), ledgerPublicKeys());
        }
        postgres.createDatabase("ledger");
        postgres.createDatabase("shop");
        postgres.createDatabase("support");
        databases.put("shop", new ShopDatabase(postgres.dataSource("shop")));
        databases.put("support", new SupportDatabase(postgres.dataSource("support")));
        for (var database : databases.entrySet()) {
            progress.timed(
                    "database " + database.getKey(),
                    () -> {
                        database.getValue().create();
                        database.getValue().fill(people);
                        return database.getValue();
                    },
                    filled -> people.size() + " people, tables " + String.join(", ", filled.tables()));
        }
        fusionAuth.addUsers(people.stream().map(Person::asFusionAuthUser).toList());
        progress.done("FusionAuth simulator", fusionAuth.url());
        Files.writeString(ingressConfigFile(), ingressYaml());
        Files.writeString(workerConfigFile(), workerYaml());
        Files.writeString(ledgerConfigFile(), ledgerYaml(""));
        new FusionAuthApi(fusionAuth).registerWebhook(webhookUrl(), ingressKey);
    }

    /** Has FusionAuth confirm every deletion before anybody is erased, by services that are started afterwards. */
    public void confirmDeletions() throws IOException {
        Files.writeString(ingressConfigFile(), ingressYaml() + "confirmation: required\n");
        Files.writeString(ledgerConfigFile(), ledgerYaml("confirmedAfter: PT1S, "));
        Files.writeString(workerConfigFile(), workerYaml() + """
                confirmation:
                  fusionauth: { url: "%s", apiKey: "%s" }
                  after: PT1S                                   # instead of half a minute, for those who watch
                  again: { every: PT1S, most: 2 }
                """.formatted(fusionAuth.url(), fusionAuth.apiKey()));
    }

    /** Has people sign in to the console with FusionAuth, too, in a ledger that is started afterwards. */
    public void signInWithFusionAuth() throws IOException, InterruptedException {
        String secret = UUID.randomUUID().toString();
        new FusionAuthApi(fusionAuth).registerApplication(CONSOLE, secret, consoleUrl() + "/console/sign-in/callback");
        Files.writeString(
                ledgerConfigFile(), Files.readString(ledgerConfigFile()).replace("access:\n", """
                access:
                  openid: { issuer: "%s", clientId: %s, clientSecret: %s }
                """.formatted(
                                fusionAuth.url(), CONSOLE, secret)));
    }

    /** Starts an ingress in this process. */
    public Ingress startIngress() throws MisconfiguredException {
        return new Ingress(
                ConfigFile.load(ingressConfigFile(), System.getenv(), IngressConfig::read)
                        .config(),
                InstantSource.system());
    }

    /** Starts a worker in this process. */
    public Worker startWorker() throws MisconfiguredException {
        return new Worker(
                ConfigFile.load(workerConfigFile(), System.getenv(), WorkerConfig::read)
                        .config(),
                InstantSource.system());
    }

    /** Starts a ledger in this process. */
    public Ledger startLedger() throws MisconfiguredException {
        return new Ledger(
                ConfigFile.load(ledgerConfigFile(), System.getenv(), LedgerConfig::read)
                        .config(),
                InstantSource.system());
    }

    /** Waits until the ingress would be sent traffic, and the worker reads the log. */
    public static void awaitReady(Ingress ingress, Worker worker) throws InterruptedException {
        long start = System.nanoTime();
        while (!ingress.problems().isEmpty() || !worker.problems().isEmpty() || !worker.isReading()) {
            if (System.nanoTime() - start > READY_WITHIN.toNanos()) {
                throw new IllegalStateException("not ready: " + ingress.problems() + " " + worker.problems());
            }
            Thread.sleep(10);
        }
    }

    /** Waits until the ledger reads the topics, and keeps what it reads. */
    public static void awaitReady(Ledger ledger) throws InterruptedException {
        long start = System.nanoTime();
        while (!ledger.problems().isEmpty() || !ledger.lanes().stream().allMatch(LaneStatus::reading)) {
            if (System.nanoTime() - start > READY_WITHIN.toNanos()) {
                throw new IllegalStateException("not ready: " + ledger.problems());
            }
            Thread.sleep(10);
        }
    }

    public KafkaServer kafka() {
        return kafka;
    }

    public PostgresServer postgres() {
        return postgres;
    }

    /** The databases by their names in the worker's configuration. */
    public Map<String, SampleDatabase> databases() {
        return databases;
    }

    /** All stores, the databases first. */
    Map<String, SampleStore> stores() {
        var stores = new LinkedHashMap<String, SampleStore>(databases);
        further.forEach(store -> stores.put(store.name(), store.contents()));
        return stores;
    }

    public List<Person> people() {
        return people;
    }

    public FusionAuthSimulator fusionAuth() {
        return fusionAuth;
    }

    public Path directory() {
        return directory;
    }

    public Path keys() {
        return directory.resolve("keys.json");
    }

    public Path ingressConfigFile() {
        return directory.resolve("ingress.yaml");
    }

    public Path workerConfigFile() {
        return directory.resolve("worker.yaml");
    }

    public Path ledgerConfigFile() {
        return directory.resolve("ledger.yaml");
    }

    /** With which the ledger signs. */
    public Path ledgerKeys() {
        return directory.resolve("ledger-keys.json");
    }

    /** With which anybody checks what it has signed. */
    public Path ledgerPublicKeys() {
        return directory.resolve("ledger-public-keys.json");
    }

    /** Where people find the console. */
    public String consoleUrl() {
        return "http://127.0.0.1:" + ledgerPort;
    }

    /** Signs in to the console, to look and to act. */
    public String operatorToken() {
        return operatorToken;
    }

    /** Signs in to the console, to look. */
    public String viewerToken() {
        return viewerToken;
    }

    /** Where FusionAuth posts its webhook. */
    public String webhookUrl() {
        return "http://127.0.0.1:" + ingressPort + "/webhook-user-delete";
    }

    public int ingressManagementPort() {
        return ingressManagementPort;
    }

    public int workerManagementPort() {
        return workerManagementPort;
    }

    public int ledgerManagementPort() {
        return ledgerManagementPort;
    }

    /** The API key that the ingress asks for. */
    public String ingressKey() {
        return ingressKey;
    }

    private String ingressYaml() {
        return """
                http: { host: 127.0.0.1, port: %d }
                management: { host: 127.0.0.1, port: %d }
                authentication: { apiKeys: ["%s"] }
                kafka: { bootstrap.servers: "%s" }
                durability: single-node
                keys: %s
                """.formatted(ingressPort, ingressManagementPort, ingressKey, kafka.bootstrapServers(), keys());
    }

    private String workerYaml() {
        String databases = """
                management: { host: 127.0.0.1, port: %d }
                kafka: { bootstrap.servers: "%s" }
                durability: single-node
                keys: %s
                stores:
                  shop:
                    type: jdbc
                    url: %s
                    username: %s
                    password: %s
                    tables:
                      customers: { subject: { id: userId } }  # orders, order_items, invoices: by foreign keys
                  support:
                    type: jdbc
                    url: %s
                    username: %s
                    password: %s
                    tables:
                      tickets: { subject: { requester_id: userId } }  # messages: by foreign key
                """.formatted(
                        workerManagementPort,
                        kafka.bootstrapServers(),
                        keys(),
                        postgres.jdbcUrl("shop"),
                        PostgresServer.USERNAME,
                        PostgresServer.USERNAME,
                        postgres.jdbcUrl("support"),
                        PostgresServer.USERNAME,
                        PostgresServer.USERNAME);
        return databases
                + further.stream()
                        .map(store -> "  " + store.name() + ":\n" + store.yaml().indent(4))
                        .collect(Collectors.joining());
    }

    /** @param lanes what else there is to know of the workers' lanes */
    private String ledgerYaml(String lanes) {
        return """
                http: { host: 127.0.0.1, port: %d }
                management: { host: 127.0.0.1, port: %d }
                kafka: { bootstrap.servers: "%s" }
                durability: single-node
                keys: %s
                database: { url: "%s", username: %s, password: %s }
                stores: [%s]
                proof: { keys: %s, checkpoints: PT1S }
                access:
                  publicUrl: "%s"
                  tokens:
                    operator: { token: "%s", role: operator }
                    viewer: { token: "%s", role: viewer }
                lanes: { %sworkers: ["http://127.0.0.1:%d"] }
                """.formatted(
                        ledgerPort,
                        ledgerManagementPort,
                        kafka.bootstrapServers(),
                        keys(),
                        postgres.jdbcUrl("ledger"),
                        PostgresServer.USERNAME,
                        PostgresServer.USERNAME,
                        String.join(", ", stores().keySet()),
                        ledgerKeys(),
                        consoleUrl(),
                        operatorToken,
                        viewerToken,
                        lanes,
                        workerManagementPort);
    }

    private static <T> T started(Future<T> server) throws InterruptedException {
        try {
            return server.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        }
    }

    private static <T> void closeIfStarted(Future<T> server, Consumer<T> close) {
        if (server.state() == Future.State.SUCCESS) {
            close.accept(server.resultNow());
        }
    }

    @Override
    public void close() {
        fusionAuth.close();
        try (ExecutorService parallel = Executors.newVirtualThreadPerTaskExecutor()) {
            further.forEach(store -> parallel.execute(store::close));
            parallel.execute(postgres::close);
            parallel.execute(kafka::close);
        }
    }
}
