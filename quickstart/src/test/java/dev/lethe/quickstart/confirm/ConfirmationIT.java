package dev.lethe.quickstart.confirm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lethe.cli.LetheCommand;
import dev.lethe.config.ConfigFile;
import dev.lethe.config.MisconfiguredException;
import dev.lethe.events.Codec;
import dev.lethe.events.ErasureRequest;
import dev.lethe.events.Keys;
import dev.lethe.events.Outcome;
import dev.lethe.events.Outcome.Status;
import dev.lethe.events.SubjectKey;
import dev.lethe.events.TopicDefinition;
import dev.lethe.events.UnreadableRecordException;
import dev.lethe.ingress.Ingress;
import dev.lethe.ingress.IngressConfig;
import dev.lethe.kafka.KafkaConfig;
import dev.lethe.kafka.TopicReader;
import dev.lethe.keys.KeyFile;
import dev.lethe.quickstart.FusionAuthApi;
import dev.lethe.quickstart.Installation;
import dev.lethe.quickstart.Progress;
import dev.lethe.quickstart.fusionauth.FusionAuthSimulator;
import dev.lethe.quickstart.sample.Person;
import dev.lethe.quickstart.sample.SampleDatabase;
import dev.lethe.worker.app.CheckCommand;
import dev.lethe.worker.app.LanesCommand;
import dev.lethe.worker.app.Worker;
import dev.lethe.worker.app.WorkerConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** FusionAuth announces a deletion before it commits it: who still exists in the end is not erased, whatever else goes wrong. */
@Tag("thorough")
class ConfirmationIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String QUICK = "after: PT1S, again: { every: PT0.5S, most: 2 }";

    @TempDir
    static Path folder;

    private static Installation installation;
    private static Ingress ingress;
    private static FusionAuthApi api;
    private static Map<SubjectKey, UUID> people;

    @BeforeAll
    static void start() throws Exception {
        installation = new Installation(folder, 1200, Progress.SILENT);
        ingress = new Ingress(
                ConfigFile.parse(
                                "ingress.yaml",
                                Files.readString(installation.ingressConfigFile()) + "confirmation: required\n",
                                Map.of(),
                                IngressConfig::read)
                        .config(),
                InstantSource.system());
        api = new FusionAuthApi(installation.fusionAuth());
        Keys keys = KeyFile.load(installation.keys());
        people = installation.people().stream()
                .collect(Collectors.toMap(
                        person -> keys.subjectKey(
                                Installation.TENANT.toString(), person.id().toString()),
                        Person::id));
        await().atMost(PATIENCE).until(() -> ingress.problems().isEmpty());
    }

    @AfterAll
    static void stop() {
        ingress.close();
        installation.close();
    }

    @Test
    void ofAThousandDeletionsOfWhichHalfAreRolledBackExactlyTheOtherHalfIsErased() throws Exception {
        List<Person> announced = installation.people().subList(0, 1000);
        Set<UUID> refused = everySecond(announced);
        List<UUID> committed = announced.stream()
                .map(Person::id)
                .filter(id -> !refused.contains(id))
                .toList();
        var others = rowsWithout(committed);

        try (var veto = new Veto(installation.fusionAuth(), refused::contains);
                var worker = worker(
                        installation.fusionAuth().url(),
                        installation.fusionAuth().apiKey(),
                        QUICK)) {
            deleteUntilAnnounced(announced, veto);
            assertThat(worker.problems()).isEmpty();
            await("every row of the deleted is gone")
                    .atMost(PATIENCE)
                    .until(() -> rowsWithout(List.of()).equals(others));
            awaitEveryIntentSettled();
        }

        assertThat(rowsWithout(committed)).as("rows of everybody else").isEqualTo(others);
        var log = Log.read();
        assertThat(log.requested()).containsAll(committed).doesNotContainAnyElementsOf(refused);
        assertThat(log.withdrawn()).containsAll(refused);
    }

    @Test
    void whoseDeletionWasRolledBackBecauseTheAcknowledgementCameTooLateIsNotErased() throws Exception {
        List<Person> announced = installation.people().subList(1000, 1040);
        var before = rowsWithout(List.of());

        installation.kafka().freeze();
        Map<UUID, Integer> answers = delete(announced);
        installation.kafka().thaw();

        assertThat(answers.values()).as("FusionAuth's answers").containsOnly(504);
        Set<UUID> ids = answers.keySet();
        await("records that were on their way are committed all the same")
                .atMost(PATIENCE)
                .until(() -> Log.read().announced().stream().anyMatch(ids::contains));
        try (var worker = worker(
                installation.fusionAuth().url(), installation.fusionAuth().apiKey(), QUICK)) {
            awaitEveryIntentSettled();
            assertThat(holds(worker)).isEmpty();
        }

        var log = Log.read();
        assertThat(rowsWithout(List.of())).isEqualTo(before);
        assertThat(log.requested()).doesNotContainAnyElementsOf(ids);
        assertThat(log.withdrawn()).containsAll(intersection(log.announced(), ids));
    }

    @Test
    void nobodyIsErasedWhileFusionAuthCannotBeBelievedAndEverybodyOnceItCan() throws Exception {
        List<Person> announced = installation.people().subList(1040, 1060);
        List<UUID> ids = announced.stream().map(Person::id).toList();
        var before = rowsWithout(List.of());
        var others = rowsWithout(ids);
        var clock = new AtomicReference<>(InstantSource.system());
        FusionAuthSimulator fusionAuth = installation.fusionAuth();
        UUID otherTenant = UUID.randomUUID();
        String key = UUID.randomUUID().toString();

        try (var elsewhere = FusionAuthSimulator.start(0, key, otherTenant);
                var front = new Front(fusionAuth.url());
                var worker = worker(front.url(), key, QUICK, () -> clock.get().instant())) {
            elsewhere.addUsers(installation.people().subList(0, 10).stream()
                    .map(Person::asFusionAuthUser)
                    .toList());
            assertThat(delete(announced).values()).containsOnly(200);

            awaitHold(worker, "a wrong key", "UNAUTHENTICATED", "check fusionauth.apiKey");
            Said lanes = run(
                    new LanesCommand(),
                    "--sample",
                    "PT0.1S",
                    "--worker",
                    "http://127.0.0.1:" + worker.managementPort());
            assertThat(lanes.exitCode()).isEqualTo(1);
            assertThat(lanes.line("confirm\t"))
                    .startsWith("confirm\tholding\t20\t")
                    .contains("UNAUTHENTICATED", "check fusionauth.apiKey");
            assertThat(lanes.line("confirm-retry\t")).startsWith("confirm-retry\tidle\t0\t");
            Said check = run(new CheckCommand());
            assertThat(check.exitCode()).isEqualTo(1);
            assertThat(check.text())
                    .contains("Identity provider fusionauth", "✗ UNAUTHENTICATED: FusionAuth answers 401");

            fusionAuth.addTenant(otherTenant);
            fusionAuth.addApiKey(key, Optional.of(otherTenant));
            awaitHold(worker, "a key of another tenant", "UNPROVEN", "a key for that tenant or for all");

            front.leadTo(elsewhere.url());
            awaitHold(worker, "another FusionAuth", "UNPROVEN", "the FusionAuth of that tenant");

            fusionAuth.addApiKey(key, Optional.empty());
            front.leadNowhere();
            awaitHold(worker, "404 to everything", "MISCONFIGURED", "where proxies in front of it lead");

            front.stop();
            awaitHold(worker, "nobody listens", "UNREACHABLE", "whether it is running");
            clock.set(() -> Instant.now().plus(Duration.ofHours(1)));
            awaitHold(worker, "an hour later", "UNREACHABLE", "whether it is running");

            assertThat(rowsWithout(List.of())).as("all rows").isEqualTo(before);
            assertThat(Log.read().requested()).doesNotContainAnyElementsOf(ids);

            front.restart();
            front.leadTo(fusionAuth.url());
            await("once all is mended")
                    .atMost(PATIENCE)
                    .until(() -> rowsWithout(List.of()).equals(others));
            await().atMost(PATIENCE).until(() -> holds(worker).isEmpty());
            awaitEveryIntentSettled();
            assertThat(run(new CheckCommand()).text()).contains("✓ Nothing stands in the way of an erasure.");
        }
        assertThat(Log.read().withdrawn()).doesNotContainAnyElementsOf(ids);
    }

    @Test
    void whoIsSaidToBeGoneForGoodIsNotWaitedFor() throws Exception {
        List<Person> announced = installation.people().subList(1060, 1070);
        List<UUID> ids = announced.stream().map(Person::id).toList();
        var others = rowsWithout(ids);
        completionsAreSent();

        try (var worker = worker(
                installation.fusionAuth().url(), installation.fusionAuth().apiKey(), "after: PT1H")) {
            assertThat(worker.problems()).isEmpty();
            assertThat(delete(announced).values()).containsOnly(200);
            await("without the wait of an hour")
                    .atMost(PATIENCE)
                    .until(() -> rowsWithout(List.of()).equals(others));
        }
        assertThat(Log.read().requested()).containsAll(ids);
    }

    /** FusionAuth sends an event after the commit, too, to the same address. */
    private static void completionsAreSent() throws Exception {
        FusionAuthSimulator fusionAuth = installation.fusionAuth();
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (var call : Map.of(
                            "/api/webhook",
                            """
                            POST {"webhook":{"url":"%s","connectTimeout":1000,"readTimeout":2000,"global":true,
                             "headers":{"Authorization":"%s"},"eventsEnabled":{"user.delete.complete":true}}}
                            """.formatted(installation.webhookUrl(), installation.ingressKey()),
                            "/api/tenant/" + fusionAuth.tenantId(),
                            """
                            PATCH {"tenant":{"eventConfiguration":{"events":{"user.delete.complete":{"enabled":true}}}}}
                            """)
                    .entrySet()) {
                String[] request = call.getValue().split(" ", 2);
                int status = http.send(
                                HttpRequest.newBuilder(URI.create(fusionAuth.url() + call.getKey()))
                                        .header("Authorization", fusionAuth.apiKey())
                                        .method(request[0], BodyPublishers.ofString(request[1]))
                                        .build(),
                                BodyHandlers.discarding())
                        .statusCode();
                assertThat(status).isEqualTo(200);
            }
        }
    }

    private static void awaitHold(Worker worker, String what, String code, String advice) {
        await(what)
                .atMost(PATIENCE)
                .until(
                        () -> holds(worker),
                        holds -> holds.stream()
                                .anyMatch(hold -> hold.startsWith("lane confirm holds")
                                        && hold.contains(code)
                                        && hold.contains(advice)));
    }

    private static List<String> holds(Worker worker) {
        return worker.degradations();
    }

    /** Everything that was announced has become a request, or was withdrawn, and not both. */
    private static void awaitEveryIntentSettled() throws Exception {
        await("every intent is settled").atMost(PATIENCE).until(() -> {
            var log = Log.read();
            var settled = new HashSet<>(log.requests().keySet());
            settled.addAll(log.withdrawals().keySet());
            return settled.equals(log.intents().keySet());
        });
        var log = Log.read();
        assertThat(intersection(log.requests().keySet(), log.withdrawals().keySet()))
                .as("requests that were withdrawn")
                .isEmpty();
    }

    /** What the topics say: the users, by the ids of their requests. */
    private record Log(Map<UUID, UUID> intents, Map<UUID, UUID> requests, Map<UUID, UUID> withdrawals) {
        static Log read() throws InterruptedException, UnreadableRecordException {
            var properties = Map.of("bootstrap.servers", installation.kafka().bootstrapServers());
            try (Admin admin = Admin.create(Map.copyOf(properties));
                    var reader = new TopicReader(new KafkaConfig(properties), admin)) {
                var withdrawals = new HashMap<UUID, UUID>();
                for (var record : reader.all(TopicDefinition.OUTCOMES)) {
                    Outcome outcome = Codec.decodeOutcome(record.value());
                    if (outcome.status() == Status.WITHDRAWN) {
                        withdrawals.put(outcome.requestId(), person(outcome.subjectKey()));
                    }
                }
                return new Log(
                        requests(reader, TopicDefinition.INTENTS),
                        requests(reader, TopicDefinition.REQUESTS),
                        withdrawals);
            }
        }

        private static Map<UUID, UUID> requests(TopicReader reader, String topic)
                throws InterruptedException, UnreadableRecordException {
            var requests = new HashMap<UUID, UUID>();
            for (var record : reader.all(topic)) {
                ErasureRequest request = Codec.decodeRequest(record.value());
                requests.put(request.requestId(), person(request.subject().key()));
            }
            return requests;
        }

        private static UUID person(SubjectKey key) {
            return people.getOrDefault(key, new UUID(0, 0));
        }

        Set<UUID> announced() {
            return Set.copyOf(intents.values());
        }

        Set<UUID> requested() {
            return Set.copyOf(requests.values());
        }

        Set<UUID> withdrawn() {
            return Set.copyOf(withdrawals.values());
        }
    }

    private record Said(int exitCode, String text) {
        String line(String start) {
            return text.lines()
                    .filter(line -> line.startsWith(start))
                    .findFirst()
                    .orElse("");
        }
    }

    /** A command of {@code lethe}, with the configuration of the worker that was started last. */
    private static Said run(LetheCommand command, String... arguments) {
        var all = new ArrayList<>(List.of("--config", workerConfigFile().toString()));
        all.addAll(List.of(arguments));
        var text = new StringWriter();
        int exitCode = new CommandLine(command)
                .setOut(new PrintWriter(text, true))
                .setErr(new PrintWriter(text, true))
                .execute(all.toArray(String[]::new));
        return new Said(exitCode, text.toString());
    }

    private static Path workerConfigFile() {
        return folder.resolve("confirming-worker.yaml");
    }

    private static Worker worker(String url, String key, String more) throws IOException, MisconfiguredException {
        return worker(url, key, more, InstantSource.system());
    }

    private static Worker worker(String url, String key, String more, InstantSource clock)
            throws IOException, MisconfiguredException {
        String yaml = Files.readString(installation.workerConfigFile()) + """
                confirmation: { fusionauth: { url: "%s", apiKey: "%s" }, %s }
                backoff: { first: PT0.05S, most: PT0.3S }
                """.formatted(url, key, more);
        var worker = new Worker(
                ConfigFile.load(Files.writeString(workerConfigFile(), yaml), Map.of(), WorkerConfig::read)
                        .config(),
                clock);
        await().atMost(PATIENCE).until(worker::isReading);
        return worker;
    }

    /**
     * Deletes them as callers do: whoever is told that a webhook did not agree, tries again. For those whom the veto is against,
     * until the ingress has heard of them.
     */
    private static void deleteUntilAnnounced(List<Person> deleted, Veto veto) throws Exception {
        List<Person> left = deleted;
        while (!left.isEmpty()) {
            Map<UUID, Integer> answers = delete(left);
            assertThat(answers.values()).containsAnyOf(200, 504).isSubsetOf(200, 504);
            Set<UUID> heardOf = Log.read().announced();
            left = left.stream()
                    .filter(person -> veto.isAgainst(person.id())
                            ? !heardOf.contains(person.id())
                            : answers.get(person.id()) != 200)
                    .toList();
        }
    }

    private static Map<UUID, Integer> delete(List<Person> deleted) {
        var answers = new LinkedHashMap<UUID, Integer>();
        try (ExecutorService callers = Executors.newFixedThreadPool(16)) {
            Map<UUID, CompletableFuture<Integer>> calls = new LinkedHashMap<>();
            for (Person person : deleted) {
                calls.put(person.id(), CompletableFuture.supplyAsync(() -> delete(person), callers));
            }
            calls.forEach((id, call) -> answers.put(id, call.join()));
        }
        return answers;
    }

    private static int delete(Person person) {
        try {
            return api.deleteUser(person.id());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Set<UUID> everySecond(List<Person> all) {
        var chosen = new HashSet<UUID>();
        for (int i = 0; i < all.size(); i += 2) {
            chosen.add(all.get(i).id());
        }
        return chosen;
    }

    private static Set<UUID> intersection(Collection<UUID> some, Collection<UUID> others) {
        var both = new HashSet<>(some);
        both.retainAll(others);
        return both;
    }

    private static Map<String, Map<String, ?>> rowsWithout(List<UUID> ids) throws SQLException {
        var digests = new LinkedHashMap<String, Map<String, ?>>();
        for (Map.Entry<String, SampleDatabase> database :
                installation.databases().entrySet()) {
            digests.put(database.getKey(), database.getValue().digestWithout(ids));
        }
        return digests;
    }
}
