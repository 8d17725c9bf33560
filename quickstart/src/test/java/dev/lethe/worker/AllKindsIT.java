package dev.lethe.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lethe.config.ConfigFile;
import dev.lethe.events.Codec;
import dev.lethe.events.Durability;
import dev.lethe.events.EventRecords;
import dev.lethe.events.Keys;
import dev.lethe.events.Outcome;
import dev.lethe.events.Outcome.Status;
import dev.lethe.events.Subject;
import dev.lethe.events.TopicDefinition;
import dev.lethe.events.Trigger;
import dev.lethe.kafka.KafkaConfig;
import dev.lethe.kafka.TopicReader;
import dev.lethe.kafka.Topics;
import dev.lethe.keys.KeyFile;
import dev.lethe.worker.app.Worker;
import dev.lethe.worker.app.WorkerConfig;
import dev.lethe.worker.store.Side;
import dev.lethe.worker.store.http.HttpSide;
import dev.lethe.worker.store.jdbc.JdbcSide;
import dev.lethe.worker.store.kafka.KafkaSide;
import dev.lethe.worker.store.mongodb.MongoSide;
import dev.lethe.worker.store.opensearch.OpenSearchSide;
import dev.lethe.worker.store.redis.RedisSide;
import dev.lethe.worker.store.s3.S3Side;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One log, one worker, and a store of every kind that there is, each on a real server. */
@Tag("nightly")
class AllKindsIT {
    private static final int PEOPLE = 200;
    private static final int OTHERS = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path folder;

    private final List<Side> all = new ArrayList<>();
    private final List<Side> six = new ArrayList<>();
    private final Map<String, Integer> settled = new LinkedHashMap<>();
    private final List<Outcome> outcomes = new ArrayList<>();
    private final List<AutoCloseable> clients = new ArrayList<>();
    private KafkaConfig kafka;
    private Keys keys;
    private Admin admin;
    private TopicReader reader;
    private Producer<String, byte[]> producer;

    @BeforeEach
    void start() throws Exception {
        List<Callable<Side>> servers = List.of(
                () -> new OpenSearchSide(folder.resolve("opensearch")),
                () -> new S3Side(folder.resolve("s3")),
                () -> new KafkaSide(folder.resolve("kafka")),
                () -> new JdbcSide(folder.resolve("postgresql")),
                () -> new RedisSide(folder.resolve("redis")));
        var failures = new ArrayList<Throwable>();
        for (Future<Side> started : atOnce(servers)) {
            if (started.state() == Future.State.SUCCESS) {
                all.add(started.resultNow());
            } else {
                failures.add(started.exceptionNow());
            }
        }
        assertThat(failures).isEmpty();
        // In this process, which has time for them now.
        all.add(new MongoSide());
        all.add(new HttpSide());
        all.stream().filter(side -> !(side instanceof KafkaSide)).forEach(six::add);
        KafkaSide broker = (KafkaSide)
                all.stream().filter(KafkaSide.class::isInstance).findFirst().orElseThrow();
        kafka = new KafkaConfig(Map.of("bootstrap.servers", broker.bootstrapServers()));
        keys = KeyFile.create(folder.resolve("keys.json"));
        admin = kafka.admin("test");
        new Topics(admin, Durability.SINGLE_NODE)
                .create(TopicDefinition.all(all.stream().map(Side::name).toList()));
        reader = new TopicReader(kafka, admin);
        clients.addAll(List.of(reader, admin));
        reader.follow(reader.beginnings(List.of(TopicDefinition.OUTCOMES)));
        producer = new KafkaProducer<>(kafka.with(Map.of()), new StringSerializer(), new ByteArraySerializer());
        clients.addFirst(producer);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable client : clients) {
            client.close();
        }
        ofAll(Side::close);
    }

    private void plant(List<Subject> subjects) throws InterruptedException {
        ofAll(side -> side.plant(subjects));
    }

    private interface Work {
        void of(Side side) throws Exception;
    }

    private void ofAll(Work work) throws InterruptedException {
        List<Callable<Void>> each = new ArrayList<>();
        all.forEach(side -> each.add(() -> {
            work.of(side);
            return null;
        }));
        assertThat(atOnce(each)).allSatisfy(done -> assertThat(done).succeedsWithin(Duration.ZERO));
    }

    private static <T> List<Future<T>> atOnce(List<Callable<T>> work) throws InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            return threads.invokeAll(work);
        }
    }

    @Test
    void everybodyIsErasedEverywhereThoughSixOfSevenStoresAreDownOnceInBetween() throws Exception {
        List<Subject> people = subjects(0, PEOPLE);
        plant(subjects(PEOPLE, OTHERS));
        Map<String, List<String>> others = contents();
        plant(people);
        assertThat(contents())
                .allSatisfy((store, contents) -> assertThat(contents)
                        .hasSizeGreaterThanOrEqualTo(others.get(store).size() + PEOPLE));

        try (Worker worker = worker()) {
            erase(people.iterator(), worker);
            await().atMost(PATIENCE).untilAsserted(() -> {
                look();
                assertThat(settled)
                        .hasSize(all.size())
                        .allSatisfy((store, number) -> assertThat(number).isGreaterThanOrEqualTo(PEOPLE));
            });
            assertThat(worker.degradations()).isEmpty();
        }
        look();
        all.forEach(Side::settle);

        assertThat(contents()).isEqualTo(others);
        assertThat(outcomes).extracting(Outcome::key).doesNotHaveDuplicates().hasSize(PEOPLE * all.size());
        assertThat(outcomes)
                .allSatisfy(outcome -> assertThat(outcome.status())
                        .isIn(
                                outcome.store().equals("kafka")
                                        ? Set.of(Status.SCHEDULED)
                                        // What was done when the connection broke is found gone.
                                        : Set.of(Status.ERASED, Status.NOT_FOUND)));
        assertThat(reader.all(TopicDefinition.DEAD_LETTERS)).isEmpty();
    }

    /** Each of the six is cut off with requests in its hands, and is back when the next one is down, too. */
    private void erase(Iterator<Subject> people, Worker worker) throws Exception {
        Side down = null;
        for (Side side : six) {
            look();
            int before = settled.getOrDefault(side.name(), 0);
            publish(people, 15);
            await().atMost(PATIENCE).until(() -> {
                look();
                return settled.getOrDefault(side.name(), 0) > before;
            });
            side.cutOff();
            publish(people, 15);
            await("the lane of " + side.name() + " holds")
                    .atMost(PATIENCE)
                    .until(() -> worker.degradations().stream()
                            .anyMatch(text -> text.startsWith("lane " + side.name() + " holds")));
            if (down != null) {
                down.bringBack();
            }
            down = side;
        }
        publish(people, PEOPLE);
        down.bringBack();
    }

    private Worker worker() throws Exception {
        var yaml = new StringBuilder(
                """
                management: { host: 127.0.0.1, port: 0 }
                kafka: { bootstrap.servers: "%s" }
                durability: single-node
                keys: %s
                maxBatch: 10
                backoff: { first: PT0.1S, most: PT1S }
                retries: { delay: PT1S, maxAge: PT1H }
                stores:
                """.formatted(kafka.properties().get("bootstrap.servers"), folder.resolve("keys.json")));
        all.forEach(side -> yaml.append("  ")
                .append(side.name())
                .append(": ")
                .append(side.configuration())
                .append('\n'));
        var worker = new Worker(
                ConfigFile.parse("worker.yaml", yaml.toString(), Map.of(), WorkerConfig::read)
                        .config(),
                InstantSource.system());
        await().atMost(PATIENCE).until(() -> worker.problems().isEmpty() && worker.isReading());
        return worker;
    }

    private Map<String, List<String>> contents() {
        var contents = new LinkedHashMap<String, List<String>>();
        all.forEach(side -> contents.put(side.name(), side.contents()));
        return contents;
    }

    /** Takes note of the outcomes since it looked last. */
    private void look() throws Exception {
        for (ConsumerRecord<String, byte[]> record : reader.poll(Duration.ofMillis(50))) {
            Outcome outcome = Codec.decodeOutcome(record.value());
            outcomes.add(outcome);
            settled.merge(outcome.store(), 1, Integer::sum);
        }
    }

    private List<Subject> subjects(int first, int number) {
        return IntStream.range(first, first + number)
                .mapToObj(i -> "user-" + i)
                .map(userId -> new Subject(
                        keys.subjectKey(null, userId), userId, null, Map.of("email", List.of(userId + "@example.org"))))
                .toList();
    }

    private void publish(Iterator<Subject> people, int most) {
        for (int i = 0; i < most && people.hasNext(); i++) {
            UUID id = UUID.randomUUID();
            Instant now = Instant.now();
            var trigger = new Trigger("fusionauth", "user.delete", id, null, now);
            producer.send(EventRecords.request(
                    TopicDefinition.REQUESTS,
                    keys.seal(id, now, now.plus(Duration.ofDays(30)), trigger, people.next()),
                    null));
        }
        producer.flush();
    }
}
