package dev.lethe.worker.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lethe.events.Outcome.Action;
import dev.lethe.events.Outcome.TargetOutcome;
import dev.lethe.events.Subject;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.StoreContract;
import dev.lethe.worker.store.StorePlan;
import dev.lethe.worker.store.StoreResult;
import dev.lethe.worker.store.Template;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.s3.model.ObjectLockLegalHoldStatus;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;

@Tag("thorough")
class S3StoreIT extends StoreContract {
    private static final String AVATAR = "avatars/{userId}.png";
    private static final String UPLOADS = "uploads/{userId}/";
    private static final List<Target> TARGETS = List.of(object(AVATAR), prefix(UPLOADS), prefix("mail/{email}/"));

    private static S3Server server;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        server = new S3Server(directory);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void createBucket() {
        server.newBucket(true, false);
    }

    @AfterEach
    void mend() {
        server.gate.mend();
    }

    private static Target object(String template) {
        return new Target(Template.parse(template), false);
    }

    private static Target prefix(String template) {
        return new Target(Template.parse(template), true);
    }

    private static ErasureStore open(S3StoreConfig config, ExecutionInterceptor... interceptors) {
        return new S3Store("files", config, S3Clients.open(config, interceptors), InstantSource.system());
    }

    @Override
    protected ErasureStore open() {
        return open(server.config(TARGETS));
    }

    @Override
    protected ErasureStore openWithWrongCredentials() {
        return open(S3Server.config(server.gate.url(), server.bucket(), "AKIASTRANGER", TARGETS));
    }

    @Override
    protected ErasureStore openWithMissingTarget() {
        return open(S3Server.config(server.gate.url(), "nowhere", Gate.ACCESS_KEY, TARGETS));
    }

    /** A segment of a path is not several, no XML has a NUL, and no key is longer than 1,024 bytes. */
    @Override
    protected boolean holds(Subject subject) {
        return !subject.userId().contains("/")
                && !subject.userId().contains("\u0000")
                && subject.userId().length() < 1000;
    }

    @Override
    protected Map<String, Long> plant(Subject subject) {
        server.put("avatars/" + subject.userId() + ".png");
        server.put("avatars/" + subject.userId() + ".png");
        server.put("uploads/" + subject.userId() + "/a b.txt");
        server.put("uploads/" + subject.userId() + "/2026/c+d.txt");
        server.hide("uploads/" + subject.userId() + "/2026/c+d.txt");
        boolean begun = server.beginUpload("uploads/" + subject.userId() + "/film.mp4");
        server.put("mail/" + subject.values("email").getFirst() + "/1");
        var items = new LinkedHashMap<String, Long>();
        items.put(AVATAR, 2L);
        items.put(UPLOADS, begun ? 4L : 3L);
        items.put("mail/{email}/", 1L);
        return items;
    }

    @Override
    protected Map<String, Long> plantShared(Subject one, Subject other) {
        return Map.of();
    }

    @Override
    protected List<String> contents() {
        return server.contents();
    }

    /** It takes hundreds of requests to erase as many. */
    @Override
    protected int crowd() {
        return 50;
    }

    @Override
    protected void cutOff() {
        server.gate.cut();
    }

    @Override
    protected void bringBack() {
        server.gate.open();
    }

    @Test
    void aBatchCostsAListingPerPrefixAndPageAndADeletionPerThousandItems() throws Exception {
        server.newBucket(false, false);
        List<Subject> batch = subjects(0, 500);
        batch.forEach(subject -> server.put("uploads/" + subject.userId() + "/a"));
        IntStream.range(0, 1_100)
                .parallel()
                .forEach(n -> server.put("uploads/" + batch.get(7).userId() + "/" + n));
        server.beginUpload("uploads/" + batch.get(9).userId() + "/film");
        var requests = new Requested();

        try (ErasureStore store = open(server.config(List.of(prefix(UPLOADS))), requests)) {
            List<StoreResult> results = store.erase(batch);

            assertThat(results.get(7)).isEqualTo(deleted(UPLOADS, 1_101));
            assertThat(results.get(8)).isEqualTo(deleted(UPLOADS, 1));
            assertThat(results.get(9)).isEqualTo(deleted(UPLOADS, 2));
        }

        assertThat(requests.byName)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "ListObjectVersions", 501,
                        "ListMultipartUploads", 1,
                        "DeleteObjects", 2,
                        "AbortMultipartUpload", 1));
        assertThat(contents()).isEmpty();
    }

    @Test
    void aBucketWithoutVersionsIsErasedAsWell() throws Exception {
        server.newBucket(false, false);
        Subject ada = subject("ada-" + MARK);
        server.put("uploads/ada-7f3q/a");
        server.put("uploads/ada-7f3q2/a");

        try (ErasureStore store = open()) {
            assertThat(store.count(List.of(ada)).getFirst().total()).isEqualTo(1);
            store.erase(List.of(ada));
            assertThat(store.count(List.of(ada)).getFirst().total()).isZero();
        }

        assertThat(contents()).containsExactly("uploads/ada-7f3q2/a version null");
    }

    @Test
    void aKeyThatReadsLikeMarkupIsNotTheOneThatItWouldMean() throws Exception {
        Subject ada = subject("ada&amp;7f3q");
        server.put("avatars/ada&amp;7f3q.png");
        server.put("avatars/ada&7f3q.png");
        List<Target> targets = List.of(object(AVATAR));

        try (ErasureStore store = open(server.config(targets))) {
            assertThat(store.erase(List.of(ada))).containsExactly(deleted(AVATAR, 1));
        }

        assertThat(contents()).hasSize(1).allMatch(item -> item.startsWith("avatars/ada&7f3q.png"));
    }

    @Test
    void aKeyThatNoXmlHoldsIsDeletedToo() throws Exception {
        Subject ada = subject("ada-" + MARK);
        server.put("uploads/ada-7f3q/bell\u0007");
        server.put("uploads/ada-7f3q/bell");

        try (ErasureStore store = open(server.config(List.of(prefix(UPLOADS))))) {
            assertThat(store.count(List.of(ada)).getFirst().total()).isEqualTo(2);
            assertThat(store.erase(List.of(ada))).containsExactly(deleted(UPLOADS, 2));
        }

        assertThat(contents()).isEmpty();
    }

    @Test
    void anItemThatTwoTargetsLeadToIsCountedOnce() throws Exception {
        Subject ada = subject("ada-" + MARK);
        server.put("uploads/ada-7f3q/face.png");
        List<Target> targets = List.of(object("uploads/{userId}/face.png"), prefix(UPLOADS));

        try (ErasureStore store = open(server.config(targets))) {
            assertThat(store.count(List.of(ada)).getFirst().total()).isEqualTo(1);
            assertThat(store.erase(List.of(ada)))
                    .containsExactly(new StoreResult.Settled(List.of(
                            TargetOutcome.deleted("uploads/{userId}/face.png", 1), TargetOutcome.deleted(UPLOADS, 0))));
        }
    }

    @Test
    void whatALockKeepsIsRetainedUntilTheLastOfTheLocksEnds() throws Exception {
        server.newBucket(true, true);
        server.gate.keepLocked();
        Subject ada = subject("ada-" + MARK);
        Instant soon = Instant.now().plus(30, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS);
        Instant later = soon.plus(300, ChronoUnit.DAYS);
        server.put("uploads/ada-7f3q/free");
        retain("uploads/ada-7f3q/soon", ObjectLockRetentionMode.COMPLIANCE, soon);
        retain("uploads/ada-7f3q/later", ObjectLockRetentionMode.COMPLIANCE, later);
        retain("uploads/ada-7f3q/governed", ObjectLockRetentionMode.GOVERNANCE, soon);
        hold("uploads/ada-7f3q/held");

        try (ErasureStore store = open(server.config(List.of(prefix(UPLOADS))))) {
            assertThat(store.erase(List.of(ada)))
                    .containsExactly(new StoreResult.Settled(List.of(
                            TargetOutcome.deleted(UPLOADS, 1),
                            TargetOutcome.retained(UPLOADS, 2, "S3 Object Lock, compliance mode", later),
                            TargetOutcome.retained(UPLOADS, 1, "S3 Object Lock, governance mode", soon),
                            new TargetOutcome(UPLOADS, Action.RETAIN, 1, "legal hold of S3 Object Lock", null))));
            assertThat(store.count(List.of(ada)).getFirst().total()).isEqualTo(4);
        }
    }

    private static void retain(String key, ObjectLockRetentionMode mode, Instant until) {
        String version = server.put(key);
        server.admin()
                .putObjectRetention(request -> request.bucket(server.bucket())
                        .key(key)
                        .versionId(version)
                        .retention(retention -> retention.mode(mode).retainUntilDate(until)));
    }

    private static void hold(String key) {
        String version = server.put(key);
        server.admin()
                .putObjectLegalHold(request -> request.bucket(server.bucket())
                        .key(key)
                        .versionId(version)
                        .legalHold(hold -> hold.status(ObjectLockLegalHoldStatus.ON)));
    }

    @Test
    void anItemThatTheServerDoesNotDeleteIsItsSubjectsFailureAlone() throws Exception {
        List<Subject> batch = subjects(0, 3);
        batch.forEach(subject -> server.put("uploads/" + subject.userId() + "/a"));
        server.put("uploads/" + batch.get(1).userId() + "/b");
        List<Target> targets = List.of(prefix(UPLOADS));

        try (ErasureStore store = open(server.config(targets))) {
            server.gate.breakDown("uploads/" + batch.get(1).userId() + "/a", "InternalError");
            assertThat(store.erase(batch))
                    .containsExactly(deleted(UPLOADS, 1), new StoreResult.Failed("REFUSED"), deleted(UPLOADS, 1));
            server.gate.breakDown("uploads/" + batch.get(1).userId() + "/a", "AccessDenied");
            assertThat(store.erase(batch).get(1)).isEqualTo(new StoreResult.Failed("DENIED"));
            server.gate.mend();
            assertThat(store.erase(batch).get(1)).isEqualTo(deleted(UPLOADS, 1));
        }
    }

    @Test
    void thePlanTellsOfLocks() throws Exception {
        server.newBucket(true, true);

        try (ErasureStore store = open()) {
            StorePlan plan = store.plan();

            assertThat(plan.obstacles()).isEmpty();
            assertThat(plan.warnings()).singleElement().asString().contains("Object Lock on");
        }
    }

    private static StoreResult deleted(String target, long items) {
        return new StoreResult.Settled(List.of(TargetOutcome.deleted(target, items)));
    }

    /** Counts requests by the name of the operation, those that are repeated each time. */
    private static final class Requested implements ExecutionInterceptor {
        private final Map<String, Integer> byName = new ConcurrentHashMap<>();

        @Override
        public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
            String operation = context.request().getClass().getSimpleName().replaceAll("Request$", "");
            byName.merge(operation, 1, Integer::sum);
        }
    }
}
