package dev.lethe.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.sdk.SearchScope;
import dev.lethe.events.Codec;
import dev.lethe.events.Durability;
import dev.lethe.events.EventRecords;
import dev.lethe.events.Keys;
import dev.lethe.events.Outcome;
import dev.lethe.events.Subject;
import dev.lethe.events.TopicDefinition;
import dev.lethe.events.Trigger;
import dev.lethe.kafka.KafkaConfig;
import dev.lethe.kafka.TopicReader;
import dev.lethe.kafka.Topics;
import dev.lethe.keys.KeyFile;
import dev.lethe.quickstart.server.Broker;
import dev.lethe.quickstart.server.FreePort;
import dev.lethe.worker.store.StoreContract;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Follows the page "Write a store", word for word but for its first command: what that would install for all of this machine is
 * put into a repository of this test. Needs bash. Maven is the one that runs this, and is kept off the network.
 */
@Tag("thorough")
class WriteAStoreIT {
    private static final Path LETHE = Path.of("..").toAbsolutePath().normalize();
    private static final Path SAMPLE = LETHE.resolve("docs/examples/ldap-store");
    private static final Pattern FILE = Pattern.compile("`([\\w./-]+)`:\\n\\n```\\w+\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern COMMANDS = Pattern.compile("```bash\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern CONFIGURATION = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL);

    /** For JVMs that end soon. */
    private static final String QUICK = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1";

    @TempDir
    Path folder;

    private final int managementPort = FreePort.any();
    private Path checkout;
    private String page;

    @BeforeEach
    void read() throws IOException {
        checkout = Files.createDirectory(folder.resolve("checkout"));
        page = Files.readString(LETHE.resolve("docs/write-a-store.md"));
    }

    /** JUnit would warn of each link when it deletes the folder. */
    @AfterEach
    void unlink() throws IOException {
        try (Stream<Path> files = Files.walk(folder, 3)) {
            for (Path link : files.filter(Files::isSymbolicLink).toList()) {
                Files.delete(link);
            }
        }
    }

    @Test
    void thePageArrivesAtTheSample() throws Exception {
        assertThat(filesOfThePage()).isEqualTo(filesOfTheSample());
    }

    @Test
    void theStoreOfThePageIsBuiltPassesTheContractAndErasesAPerson() throws Exception {
        lethe();
        List<String> commands = all(COMMANDS).map(block -> block.group(1)).toList();
        assertThat(commands).hasSize(4).first().isEqualTo("mvn -q -DskipTests -DskipITs install\n");

        run(0, commands.get(1));
        for (var file : filesOfThePage().entrySet()) {
            Path path = folder.resolve("ldap-store").resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        assertThat(run(0, maven() + commands.get(2)))
                .contains("Tests run: " + testsOfTheContract() + ", Failures: 0, Errors: 0, Skipped: 0");

        List<String> check = commands.get(3).lines().toList();
        InMemoryDirectoryServer directory = directory();
        try (var kafka = Broker.start(folder.resolve("kafka"))) {
            configure(kafka, directory);
            assertThat(run(0, check.get(0)))
                    .contains("Store directory", "delete     ou=people,dc=example", "uid = userId");
            eraseAPerson(check.get(1), kafka, directory);
        } finally {
            directory.shutDown(true);
        }
    }

    private void eraseAPerson(String worker, Broker kafka, InMemoryDirectoryServer directory) throws Exception {
        directory.add("dn: cn=1,ou=people,dc=example", "objectClass: inetOrgPerson", "cn: 1", "sn: 1", "uid: ada-7f3q");
        directory.add("dn: cn=2,ou=people,dc=example", "objectClass: inetOrgPerson", "cn: 2", "sn: 2", "uid: ADA-7F3Q");
        Path log = folder.resolve("worker.log");
        Process process = bash("exec " + worker).redirectOutput(log.toFile()).start();
        try {
            awaitReady(process, log);
            UUID request = request(kafka, "ada-7f3q");

            Outcome outcome =
                    await().atMost(Duration.ofSeconds(40)).until(() -> outcome(kafka, request), Objects::nonNull);

            assertThat(outcome.status()).isEqualTo(Outcome.Status.ERASED);
            assertThat(outcome.targets())
                    .extracting(Outcome.TargetOutcome::target, Outcome.TargetOutcome::items)
                    .containsExactly(Assertions.tuple("ou=people,dc=example", 1L));
            assertThat(directory
                            .search("dc=example", SearchScope.SUB, "(objectClass=inetOrgPerson)")
                            .getSearchEntries())
                    .extracting(entry -> entry.getAttributeValue("uid"))
                    .containsExactly("ADA-7F3Q");
        } finally {
            process.destroy();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(log).content().contains("ldap-store-1.0.0.jar brings the kind of store \"ldap\"");
        assertThat(Files.readString(log)).doesNotContainIgnoringCase("ada-7f3q");
    }

    private void awaitReady(Process worker, Path log) {
        HttpClient http = HttpClient.newHttpClient();
        var ready = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + "/health/ready"))
                .build();
        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptionsInstanceOf(IOException.class)
                .untilAsserted(() -> {
                    assertThat(worker.isAlive()).as(Files.readString(log)).isTrue();
                    assertThat(http.send(ready, BodyHandlers.discarding()).statusCode())
                            .isEqualTo(200);
                });
    }

    private UUID request(Broker kafka, String userId) throws Exception {
        Keys keys = KeyFile.load(checkout.resolve("keys.json"));
        UUID id = UUID.randomUUID();
        Instant now = Instant.now();
        var subject = new Subject(keys.subjectKey(null, userId), userId, null, Map.of());
        var trigger = new Trigger("fusionauth", "user.delete", id, null, now);
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(EventRecords.request(
                            TopicDefinition.REQUESTS,
                            keys.seal(id, now, now.plus(Duration.ofDays(30)), trigger, subject),
                            null))
                    .get();
        }
        return id;
    }

    private static Outcome outcome(Broker kafka, UUID request) throws Exception {
        var config = new KafkaConfig(Map.of("bootstrap.servers", kafka.bootstrapServers()));
        try (Admin admin = config.admin("test");
                var reader = new TopicReader(config, admin)) {
            for (ConsumerRecord<String, byte[]> record : reader.all(TopicDefinition.OUTCOMES)) {
                if (record.key().equals(request + "/directory/erase")) {
                    return Codec.decodeOutcome(record.value());
                }
            }
            return null;
        }
    }

    private static InMemoryDirectoryServer directory() throws Exception {
        var config = new InMemoryDirectoryServerConfig("dc=example");
        config.addAdditionalBindCredentials("cn=lethe,dc=example", "the password");
        config.setListenerConfigs(InMemoryListenerConfig.createLDAPConfig("plain"));
        var directory = new InMemoryDirectoryServer(config);
        directory.add("dn: dc=example", "objectClass: domain", "dc: example");
        directory.add("dn: ou=people,dc=example", "objectClass: organizationalUnit", "ou: people");
        directory.startListening();
        return directory;
    }

    private void configure(Broker kafka, InMemoryDirectoryServer directory) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            new Topics(admin, Durability.SINGLE_NODE).create(TopicDefinition.all(List.of("directory")));
        }
        KeyFile.create(checkout.resolve("keys.json"));
        String store = all(CONFIGURATION).findFirst().orElseThrow().group(1);
        Files.writeString(
                checkout.resolve("worker.yaml"),
                """
                management: { host: 127.0.0.1, port: %d }
                kafka: { bootstrap.servers: "%s" }
                durability: single-node
                stores:
                """.formatted(managementPort, kafka.bootstrapServers())
                        + store.replace("localhost:389", "localhost:" + directory.getListenPort()));
    }

    private Map<String, String> filesOfThePage() {
        var files = new LinkedHashMap<String, String>();
        all(FILE).forEach(file -> files.put(file.group(1), file.group(2)));
        return files;
    }

    /** Without what a build leaves there. */
    private static Map<String, String> filesOfTheSample() throws IOException {
        var files = new LinkedHashMap<String, String>();
        try (Stream<Path> found = Files.walk(SAMPLE)) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                String name = SAMPLE.relativize(file).toString();
                if (!name.startsWith("target")) {
                    files.put(name, Files.readString(file));
                }
            }
        }
        return files;
    }

    private Stream<MatchResult> all(Pattern pattern) {
        return pattern.matcher(page).results();
    }

    private static long testsOfTheContract() {
        return Arrays.stream(StoreContract.class.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .count();
    }

    /**
     * What the user's repository has, and Lethe as it was just built. Everything that the sample needs is there already: this
     * build has needed it, in the same versions.
     */
    private Path repository() throws Exception {
        Path user = Path.of(Assertions.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        for (int up = 0; up < 5; up++) {
            user = user.getParent();
        }
        Path repository = folder.resolve("repository");
        link(user, repository, "dev");
        link(user.resolve("dev"), repository.resolve("dev"), "lethe");
        Matcher version = Pattern.compile("<lethe.version>(.*?)</").matcher(page);
        assertThat(version.find()).isTrue();
        install(repository, "lethe", version.group(1), LETHE);
        for (String module : List.of("common-events", "common-service", "erasure-worker")) {
            install(repository, module, version.group(1), LETHE.resolve(module));
        }
        return repository;
    }

    private static void link(Path from, Path to, String except) throws IOException {
        Files.createDirectories(to);
        if (!Files.exists(from)) {
            return;
        }
        try (Stream<Path> entries = Files.list(from)) {
            for (Path entry : entries.toList()) {
                if (!entry.getFileName().toString().equals(except)) {
                    Files.createSymbolicLink(to.resolve(entry.getFileName()), entry);
                }
            }
        }
    }

    private static void install(Path repository, String artifact, String version, Path module) throws IOException {
        Path to = Files.createDirectories(
                repository.resolve("dev/lethe").resolve(artifact).resolve(version));
        String name = artifact + "-" + version;
        Files.copy(module.resolve("pom.xml"), to.resolve(name + ".pom"));
        for (String jar : List.of(name + ".jar", name + "-tests.jar")) {
            Path built = module.resolve("target").resolve(jar);
            if (Files.exists(built)) {
                Files.copy(built, to.resolve(jar));
            }
        }
    }

    /** What {@code mvn} is to the commands behind it. */
    private String maven() throws Exception {
        String home = System.getProperty("lethe.test.maven");
        return "mvn() { %s -o -B -Dmaven.repo.local=%s %s \"$@\"; }%n"
                .formatted(
                        home == null ? "command mvn" : home + "/bin/mvn",
                        repository(),
                        // Whichever repository an artifact came from: it is there.
                        "-Daether.enhancedLocalRepository.trackingFilename=none.properties");
    }

    /** Lethe as it was just built; its launcher would build it. */
    private void lethe() throws IOException {
        Path launcher = Files.writeString(
                checkout.resolve("lethe"),
                "#!/usr/bin/env bash%nexec %s -Xmx256m %s -cp '%s/*' dev.lethe.cli.Lethe \"$@\"%n"
                        .formatted(
                                ProcessHandle.current().info().command().orElseThrow(),
                                QUICK,
                                LETHE.resolve("quickstart/target/lib")));
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
    }

    /** What the commands print. */
    private String run(int exitCode, String commands) throws IOException, InterruptedException {
        Process bash = bash("set -euo pipefail\n" + commands).start();
        String output = new String(bash.getInputStream().readAllBytes(), UTF_8);
        assertThat(bash.waitFor()).as("%s%n%s", commands, output).isEqualTo(exitCode);
        return output;
    }

    private ProcessBuilder bash(String commands) {
        var bash = new ProcessBuilder("bash", "-c", commands)
                .directory(checkout.toFile())
                .redirectErrorStream(true);
        bash.environment().put("LDAP_PASSWORD", "the password");
        bash.environment().put("MAVEN_OPTS", QUICK);
        return bash;
    }
}
