package dev.lethe.quickstart.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lethe.quickstart.ingress.Site.Written;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everybody at once for a minute, honest and not, on a small heap, while the broker freezes twice. */
@Tag("nightly")
@Tag("alone")
class IngressLoadIT {
    private static final Logger log = LoggerFactory.getLogger(IngressLoadIT.class);
    private static final Duration LENGTH = Duration.ofMinutes(1);
    private static final Duration FROZEN_FOR = Duration.ofSeconds(4);
    private static final Duration ANSWERED_WITHIN = Duration.ofMillis(1900);
    private static final long MAX_GROWTH = 20 << 20;

    @TempDir
    static Path folder;

    @Test
    void everybodyIsAnsweredInTimeAndTheLogHoldsExactlyWhatWasAccepted() throws Exception {
        try (var site = new Site(folder);
                var ingress = site.ingressProcess("-Xmx96m");
                var heap = new HeapOf(ingress.process().handle().pid());
                var load = new Load(ingress.port(), 120)) {
            site.startReading();

            var used = new ArrayList<Long>();
            start(load);
            long begin = System.nanoTime();
            used.add(heap.usedAfterCollection());
            for (double freezeAt : List.of(0.2, 0.6)) {
                awaitPart(begin, freezeAt);
                used.add(heap.usedAfterCollection());
                site.kafka().freeze();
                long frozen = System.nanoTime();
                await().atMost(FROZEN_FOR.plusSeconds(2))
                        .until(() -> since(frozen).compareTo(FROZEN_FOR) > 0);
                site.kafka().thaw();
                used.add(heap.usedAfterCollection());
            }
            awaitPart(begin, 1);
            load.stop();
            used.add(heap.usedAfterCollection());
            String output = ingress.process().output();
            assertThat(ingress.process().terminate(Duration.ofSeconds(10)))
                    .as("exit code after SIGTERM")
                    .isEqualTo(143);

            log.info("{} s of load:\n{}\nheap in MiB: {}", LENGTH.toSeconds(), load.summary(), inMebibytes(used));
            assertThat(load.unanswered()).as("calls without an answer").isEmpty();
            assertThat(load.answers())
                    .as("answers:%n%s", load.summary())
                    .allSatisfy(answered -> assertThat(answered.reply().took())
                            .as(answered.kind())
                            .isLessThan(ANSWERED_WITHIN))
                    .allSatisfy(answered -> assertThat(answered.reply().status())
                            .as(answered.toString())
                            .isIn(expected(answered.kind())));
            assertLogHolds(load, site.written());
            assertThat(output.lines()
                            .filter(line -> line.contains(" WebhookEndpoint: "))
                            .count())
                    .as("lines about calls: at most one each")
                    .isLessThanOrEqualTo(load.answers().size());
            assertThat(output).doesNotContain("OutOfMemoryError");
            assertThat(used.getLast() - used.getFirst())
                    .as("growth of the heap, of %s MiB", inMebibytes(used))
                    .isLessThan(MAX_GROWTH);
        }
    }

    private static void start(Load load) {
        load.valid(60, Duration.ofMillis(60), "")
                .valid(2, Duration.ofMillis(200), "\"data\":{\"notes\":\"" + "x".repeat(800_000) + "\"},")
                .wrong(
                        "unauthenticated",
                        5,
                        Duration.ofMillis(50),
                        connection ->
                                connection.call(event().without("Authorization").bytes()))
                .wrong(
                        "malformed",
                        5,
                        Duration.ofMillis(50),
                        connection -> connection.call(Call.of("{\"event\":").bytes()))
                .wrong(
                        "oversized",
                        2,
                        Duration.ofMillis(100),
                        connection -> connection.call(Call.of(new byte[2 << 20]).bytes()))
                .wrong(
                        "oversized",
                        2,
                        Duration.ofMillis(100),
                        connection -> connection.call(
                                Call.of(new byte[2 << 20]).inChunksOf(50_000).bytes()))
                .wrong("slow", 20, Duration.ofMillis(10), IngressLoadIT::dribble);
    }

    private static List<Integer> expected(String kind) {
        return switch (kind) {
            case "valid" -> List.of(200, 503);
            case "unauthenticated" -> List.of(401);
            case "malformed" -> List.of(400);
            case "oversized" -> List.of(413);
            case "slow" -> List.of(408);
            default -> throw new AssertionError(kind);
        };
    }

    /** A byte every now and then, until there is an answer. */
    private static Reply dribble(Connection connection) throws IOException {
        Call call = event();
        connection.startClock().send(call.head());
        for (int i = 0; i < call.body().length - 1 && !connection.hearsSomethingWithin(Duration.ofMillis(150)); i++) {
            connection.sendAsFarAsWanted(new byte[] {call.body()[i]});
        }
        return connection.reply();
    }

    private static Call event() {
        return Call.deletionOf(UUID.randomUUID(), UUID.randomUUID());
    }

    private static void assertLogHolds(Load load, List<Written> written) {
        List<UUID> ids =
                written.stream().map(record -> record.request().requestId()).toList();
        Set<UUID> unknownButWritten = new HashSet<>(load.unknown());
        unknownButWritten.retainAll(new HashSet<>(ids));
        log.info(
                "{} records; {} calls answered 200; {} answered 503 with outcome unknown, of which {} are in the log:\n{}",
                ids.size(),
                load.accepted().size(),
                load.unknown().size(),
                unknownButWritten.size(),
                outcomes(load.unknown(), unknownButWritten));
        Set<UUID> expected = new HashSet<>(load.accepted());
        expected.addAll(unknownButWritten);
        assertThat(ids).as("ids in the log").doesNotHaveDuplicates();
        assertThat(new HashSet<>(ids))
                .as(
                        "what was answered 200, and of the %d answered 503 with outcome unknown these: %s",
                        load.unknown().size(), unknownButWritten)
                .isEqualTo(expected);
    }

    private static String outcomes(Set<UUID> unknown, Set<UUID> written) {
        return unknown.stream()
                .map(id -> id + (written.contains(id) ? " in the log" : " not in the log"))
                .collect(Collectors.joining("\n"));
    }

    private static void awaitPart(long begin, double part) {
        Duration until = Duration.ofMillis((long) (LENGTH.toMillis() * part));
        await().atMost(LENGTH.multipliedBy(2)).until(() -> since(begin).compareTo(until) >= 0);
    }

    private static Duration since(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private static List<Long> inMebibytes(List<Long> used) {
        return used.stream().map(bytes -> bytes >> 20).toList();
    }
}
