package dev.lethe.worker.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.lethe.events.Outcome.TargetOutcome;
import dev.lethe.events.Subject;
import dev.lethe.events.SubjectKey;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every store has to do. A subclass brings a real server, which is empty before each test, and looks into it by other
 * means than the store.
 */
public abstract class StoreContract {
    /** Part of every identifier here, and of nothing else. */
    protected static final String MARK = "7f3q";

    private static final Subject ADA = subject("ada-" + MARK);

    /** Not Ada, though a careless comparison, pattern, path or statement would think so. */
    private static final List<Subject> LOOK_ALIKES = Stream.of(
                    "ada-7f3",
                    "ada-7f3q0",
                    "da-7f3q",
                    "0ada-7f3q",
                    "ADA-7F3Q",
                    "Ada-7f3q",
                    " ada-7f3q",
                    "ada-7f3q ",
                    "ada-7f3q\n",
                    "ada-7f3q\t",
                    "ada_7f3q",
                    "ada-7f3_",
                    "%ada-7f3q%",
                    "ada-7f3%",
                    "ada-7f3q*",
                    "*-7f3q",
                    "ada?7f3q",
                    "ada-7f3[q]",
                    "ada-7f3q'",
                    "' OR '7f3q' = '7f3q",
                    "ada-7f3q\"",
                    "ada-7f3q\\",
                    "ada-7f3q;--",
                    "$1 7f3q",
                    "{ada-7f3q}",
                    "{ada-7f3q,bob}",
                    "ada-7f3q:1",
                    "../ada-7f3q",
                    "ada-7f3q/..",
                    "ada-7f3q/",
                    "ada%2D7f3q",
                    "ada-7f3q\u0301",
                    "\u0430da-7f3q",
                    "ada-7f3q🦉",
                    "NULL 7f3q",
                    "ada-\n7f3q",
                    "ada-7f3q\u0000",
                    "ada-7f3q\u0000bob",
                    "ada-7f3q" + "0123456789".repeat(1_000),
                    ".*7f3q",
                    "ada.7f3q",
                    "ada-7f3q|bob",
                    "ada+7f3q",
                    "(ada-7f3q)",
                    "[a]da-7f3q",
                    "user:ada-7f3q OR 1",
                    "ada-7f3q AND NOT bob",
                    "\"ada-7f3q\"~2",
                    "ada-7f3q~")
            .map(StoreContract::subject)
            .toList();

    private CapturedLog log;

    /** A store onto the server. */
    protected abstract ErasureStore open();

    protected abstract ErasureStore openWithWrongCredentials();

    /** A store one of whose targets (table, index, bucket, …) the server does not have. */
    protected abstract ErasureStore openWithMissingTarget();

    /** Puts items of the subject into every target of the store. Answers how many, by target. */
    protected abstract Map<String, Long> plant(Subject subject);

    /** Puts in items that belong to both; none where the store can't hold such. Answers how many, by target. */
    protected abstract Map<String, Long> plantShared(Subject one, Subject other);

    /** Everything that the server holds, an item each, in an order of its own. */
    protected abstract List<String> contents();

    /** Cuts the server off in the middle of whatever it does. */
    protected abstract void cutOff();

    protected abstract void bringBack();

    /** Whether the server can hold items of this subject; if not, the store's answer is {@code INVALID_IDENTIFIER}. */
    protected boolean holds(Subject subject) {
        return true;
    }

    /** Whether an erase deletes at once. Otherwise every erase finds and counts what is there until {@link #settle}. */
    protected boolean deletesAtOnce() {
        return true;
    }

    /** A multiple of five: so many that a store that erases five at a time does not get through before it is cut off. */
    protected int crowd() {
        return 200;
    }

    /** Makes the server delete now what it would delete later by itself. */
    protected void settle() {}

    private List<Subject> lookAlikes() {
        return LOOK_ALIKES.stream().filter(this::holds).toList();
    }

    protected static Subject subject(String userId) {
        var hash = UUID.nameUUIDFromBytes(userId.getBytes(StandardCharsets.UTF_8));
        var key = new SubjectKey(hash.toString().replace("-", "").substring(0, 22));
        return new Subject(key, userId, null, Map.of("email", List.of(userId + "@example.org")));
    }

    protected static List<Subject> subjects(int first, int count) {
        return IntStream.range(first, first + count)
                .mapToObj(n -> subject("user-" + MARK + "-" + n))
                .toList();
    }

    @BeforeEach
    void listen() {
        log = new CapturedLog();
    }

    @AfterEach
    void nothingPersonalIsLogged() {
        log.close();
        assertThat(log.text()).doesNotContainIgnoringCase(MARK);
    }

    @Test
    void everythingOfTheSubjectIsErasedAndCounted() throws Exception {
        subjects(0, 10).forEach(this::plant);
        List<String> others = contents();
        Map<String, Long> planted = plant(ADA);

        try (ErasureStore store = open()) {
            assertThat(items(store.erase(List.of(ADA)))).containsExactly(planted);
        }
        settle();

        assertThat(contents()).isEqualTo(others);
    }

    @Test
    void lookAlikesOfTheSubjectStay() throws Exception {
        lookAlikes().forEach(this::plant);
        List<String> lookAlikes = contents();
        plant(ADA);

        try (ErasureStore store = open()) {
            store.erase(List.of(ADA));
        }
        settle();

        assertThat(contents()).isEqualTo(lookAlikes);
    }

    @Test
    void hostileIdentifiersAreTakenLiterally() throws Exception {
        plant(ADA);
        List<String> ada = contents();
        var planted = lookAlikes().stream().map(this::plant).toList();

        try (ErasureStore store = open()) {
            List<StoreResult> results = store.erase(LOOK_ALIKES);
            var unresolved = new StoreResult.Unresolved("INVALID_IDENTIFIER");
            assertThat(IntStream.range(0, results.size())
                            .filter(i -> results.get(i).equals(unresolved))
                            .mapToObj(LOOK_ALIKES::get))
                    .containsExactlyElementsOf(LOOK_ALIKES.stream()
                            .filter(subject -> !holds(subject))
                            .toList());
            assertThat(items(results.stream()
                            .filter(result -> !result.equals(unresolved))
                            .toList()))
                    .isEqualTo(planted);
        }
        settle();

        assertThat(contents()).isEqualTo(ada);
    }

    @Test
    void aSecondEraseFindsNothing() throws Exception {
        Map<String, Long> planted = plant(ADA);

        try (ErasureStore store = open()) {
            store.erase(List.of(ADA));
            settle();

            assertThat(items(store.erase(List.of(ADA)))).containsExactly(nothingOf(planted));
        }
    }

    @Test
    void itemsAreCountedForEverySubjectOfTheBatchTheyBelongTo() throws Exception {
        List<Subject> batch = subjects(0, 40);
        var expected = new ArrayList<Map<String, Long>>();
        batch.forEach(subject -> expected.add(plant(subject)));
        Map<String, Long> shared = plantShared(batch.get(3), batch.get(7));
        expected.set(3, sum(expected.get(3), shared));
        expected.set(7, sum(expected.get(7), shared));
        Subject unknown = subject("nobody-" + MARK);
        expected.add(nothingOf(expected.getFirst()));

        try (ErasureStore store = open()) {
            List<Subject> asked =
                    Stream.concat(batch.stream(), Stream.of(unknown)).toList();
            assertThat(items(store.erase(asked))).isEqualTo(expected);
        }
        settle();

        assertThat(contents()).isEmpty();
    }

    @Test
    void anEmptyBatchIsNoWork() throws Exception {
        try (ErasureStore store = open()) {
            assertThat(store.erase(List.of())).isEmpty();
            assertThat(store.count(List.of())).isEmpty();
        }
    }

    @Test
    void theReadBackSeesWhatIsThereAndWhatComesBack() throws Exception {
        Map<String, Long> planted = plant(ADA);
        lookAlikes().forEach(this::plant);

        try (ErasureStore store = open()) {
            assertThat(remaining(store, ADA)).isEqualTo(planted);
            store.erase(List.of(ADA));
            settle();
            assertThat(remaining(store, ADA)).isEqualTo(nothingOf(planted));
            plant(ADA);
            assertThat(remaining(store, ADA)).isEqualTo(planted);
        }
    }

    @Test
    void theReadBackCountsSharedItemsForEachAndChangesNothing() throws Exception {
        Subject bob = subject("bob-" + MARK);
        Map<String, Long> planted = plant(ADA);
        plant(bob);
        Map<String, Long> shared = plantShared(ADA, bob);
        List<String> before = contents();

        try (ErasureStore store = open()) {
            assertThat(store.count(List.of(ADA, bob)))
                    .extracting(Remaining::items)
                    .containsExactly(sum(planted, shared), sum(planted, shared));
        }

        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void thePlanNamesTheTargetsInTheOrderOfWork() throws Exception {
        try (ErasureStore store = open()) {
            StorePlan plan = store.plan();

            assertThat(plan.obstacles()).isEmpty();
            assertThat(plan.steps())
                    .extracting(StorePlan.Step::target)
                    .isEqualTo(targets(store.erase(List.of(ADA)).getFirst()).stream()
                            .map(TargetOutcome::target)
                            .toList());
        }
    }

    @Test
    void aStoreThatIsCutOffIsUnavailableAndLosesNothing() throws Exception {
        List<Subject> others = subjects(1_000, 10);
        others.forEach(this::plant);
        List<String> before = contents();
        List<Subject> all = subjects(0, crowd());
        all.forEach(this::plant);
        var erased = new AtomicInteger();
        var failures = new ConcurrentLinkedQueue<Throwable>();

        try (ErasureStore store = open()) {
            var lane = CompletableFuture.runAsync(() -> {
                while (erased.get() < all.size()) {
                    Throwable failure = catchThrowable(() -> store.erase(all.subList(erased.get(), erased.get() + 5)));
                    if (failure == null) {
                        erased.addAndGet(5);
                    } else {
                        failures.add(failure);
                    }
                }
            });
            await().until(() -> erased.get() > 0);
            cutOff();
            await().atMost(Duration.ofSeconds(30)).until(() -> !failures.isEmpty() || lane.isDone());
            bringBack();
            await().atMost(Duration.ofSeconds(60)).until(lane::isDone);
            lane.join();
        }

        assertThat(failures)
                .isNotEmpty()
                .allSatisfy(failure -> assertUnavailable(
                        thrownBy(() -> {
                            throw failure;
                        }),
                        "UNREACHABLE"));
        settle();
        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void aStoreThatIsDownWhenItIsOpenedIsUnavailableUntilItIsBack() throws Exception {
        Map<String, Long> planted = plant(ADA);
        cutOff();

        try (ErasureStore store = open()) {
            assertUnavailable(thrownBy(() -> store.erase(List.of(ADA))), "UNREACHABLE");
            bringBack();
            assertThat(items(store.erase(List.of(ADA)))).containsExactly(planted);
        }
    }

    @Test
    void concurrentErasesOfTheSameSubjectsCountEveryItemOnce() throws Exception {
        subjects(1_000, 10).forEach(this::plant);
        List<String> others = contents();
        List<Subject> batch = subjects(0, 60);
        Map<String, Long> planted = batch.stream().map(this::plant).reduce(Map.of(), StoreContract::sum);
        var results = new ConcurrentLinkedQueue<StoreResult>();

        try (ErasureStore one = open();
                ErasureStore other = open();
                var threads = Executors.newFixedThreadPool(4)) {
            var all = new ArrayList<CompletableFuture<Void>>();
            for (ErasureStore store : List.of(one, other, one, other)) {
                List<Subject> order = all.size() < 2 ? batch : batch.reversed();
                all.add(CompletableFuture.runAsync(() -> erase(store, order, results), threads));
            }
            all.forEach(CompletableFuture::join);
        }

        int counted = deletesAtOnce() ? 1 : 4;
        assertThat(items(List.copyOf(results)).stream().reduce(Map.of(), StoreContract::sum))
                .isEqualTo(Collections.nCopies(counted, planted).stream().reduce(Map.of(), StoreContract::sum));
        settle();
        assertThat(contents()).isEqualTo(others);
    }

    @Test
    void wrongCredentialsAreSaidToBeWrong() {
        plant(ADA);
        List<String> before = contents();

        try (ErasureStore store = openWithWrongCredentials()) {
            assertUnavailable(thrownBy(() -> store.erase(List.of(ADA))), "UNAUTHENTICATED");
            assertUnavailable(thrownBy(() -> store.count(List.of(ADA))), "UNAUTHENTICATED");
            assertUnavailable(thrownBy(store::plan), "UNAUTHENTICATED");
        }

        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void aMissingTargetIsAnErrorAndNeverZero() throws Exception {
        plant(ADA);
        List<String> before = contents();

        try (ErasureStore store = openWithMissingTarget()) {
            assertUnavailable(thrownBy(() -> store.erase(List.of(ADA))), "MISCONFIGURED");
            assertUnavailable(thrownBy(() -> store.count(List.of(ADA))), "MISCONFIGURED");
            assertThat(store.plan().obstacles()).isNotEmpty();
        }

        assertThat(contents()).isEqualTo(before);
    }

    private static void erase(ErasureStore store, List<Subject> subjects, ConcurrentLinkedQueue<StoreResult> results) {
        try {
            for (int from = 0; from < subjects.size(); from += 10) {
                results.addAll(store.erase(subjects.subList(from, from + 10)));
            }
        } catch (StoreUnavailableException e) {
            throw new AssertionError(e);
        }
    }

    /** What was thrown; nothing of it may be personal, causes and suppressed exceptions included. */
    protected static Throwable thrownBy(ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        assertThat(thrown).isNotNull();
        var printed = new StringWriter();
        thrown.printStackTrace(new PrintWriter(printed));
        assertThat(printed.toString()).doesNotContainIgnoringCase(MARK);
        return thrown;
    }

    protected static void assertUnavailable(Throwable thrown, String code) {
        assertThat(thrown)
                .isInstanceOfSatisfying(
                        StoreUnavailableException.class,
                        unavailable -> assertThat(unavailable.code()).isEqualTo(code));
    }

    protected static List<Map<String, Long>> items(List<StoreResult> results) {
        return results.stream()
                .map(result -> {
                    var items = new LinkedHashMap<String, Long>();
                    targets(result).forEach(target -> items.put(target.target(), target.items()));
                    return (Map<String, Long>) items;
                })
                .toList();
    }

    private static List<TargetOutcome> targets(StoreResult result) {
        assertThat(result).isInstanceOf(StoreResult.Settled.class);
        return ((StoreResult.Settled) result).targets();
    }

    private static Map<String, Long> remaining(ErasureStore store, Subject subject) throws StoreUnavailableException {
        return store.count(List.of(subject)).getFirst().items();
    }

    private static Map<String, Long> nothingOf(Map<String, Long> planted) {
        var nothing = new LinkedHashMap<>(planted);
        nothing.replaceAll((target, items) -> 0L);
        return nothing;
    }

    private static Map<String, Long> sum(Map<String, Long> one, Map<String, Long> other) {
        var sum = new LinkedHashMap<>(one);
        other.forEach((target, items) -> sum.merge(target, items, Long::sum));
        return sum;
    }
}
