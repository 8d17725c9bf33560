package dev.lethe.worker.app;

import dev.lethe.cli.CommandFailedException;
import dev.lethe.cli.JsonText;
import dev.lethe.cli.LetheCommand;
import dev.lethe.config.MisconfiguredException;
import dev.lethe.events.Keys;
import dev.lethe.events.SubjectKey;
import dev.lethe.keys.KeyFile;
import dev.lethe.worker.replay.PointInTime;
import dev.lethe.worker.replay.Replay;
import dev.lethe.worker.replay.ReplayOrder;
import dev.lethe.worker.replay.ReplayReport;
import dev.lethe.worker.replay.ReplayScreen;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lethe replay}. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = {
            "Erase once more what the log asked for: after a store was restored from a backup, everybody who was erased since"
                    + " the backup is back in it.",
            "",
            "Reads erasure.requests beside the workers, which go on as they are: no consumer group is joined and no offset"
                    + " moves. Erasing twice is the same as erasing once, so begin rather too early: before the backup was"
                    + " taken. Outcomes carry the run. A request that a store refuses comes back through the store's retry"
                    + " topic; a store that is down is waited for.",
            "",
            "Ctrl-C or SIGTERM stops it after the batch in hand, and it prints the command that goes on from there.",
            "",
            "T is an instant (2026-11-20T08:00:00Z, 2026-11-20T09:00:00+01:00), a date (2026-11-20: its first moment in UTC)"
                    + " or how long ago (PT6H, P3D).",
            ""
        },
        footer = {
            "",
            "Exit codes: 0 everything is done; 1 a request failed, or something is left to do; 2 misused or misconfigured.",
            "",
            "Examples:",
            "  ./lethe replay --store shop --since 2026-11-20T02:00:00Z --dry-run",
            "  ./lethe replay --store shop --since 2026-11-20T02:00:00Z --rate 200"
        })
public final class ReplayCommand implements LetheCommand {
    private static final Duration LOOK_EVERY = Duration.ofMillis(250);

    private final InstantSource clock = InstantSource.system();

    @Spec
    @SuppressWarnings("NullAway.Init") // filled by picocli
    private CommandSpec spec;

    @Mixin
    private WorkerFile file = new WorkerFile();

    @ArgGroup(multiplicity = "1")
    private Stores stores = new Stores();

    /** Some or all. */
    static final class Stores {
        @Option(names = "--store", split = ",", paramLabel = "NAME", description = "Erase from this store, or these.")
        private List<String> names = List.of();

        @Option(names = "--all", description = "Erase from every store that is configured.")
        private boolean all;
    }

    @Option(names = "--since", paramLabel = "T", required = true, description = "Requests since then.")
    private String since = "";

    @Option(
            names = "--until",
            paramLabel = "T",
            description = "Requests until then (default: the end of the log when it starts).")
    private @Nullable String until;

    @Option(names = "--subject", paramLabel = "USER_ID", description = "Requests for this person only.")
    private @Nullable String subject;

    @Option(names = "--tenant", paramLabel = "ID", description = "The person's tenant.")
    private @Nullable String tenant;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description =
                    "At most so many requests a second for each store (default: the store's erasuresPerSecond, which"
                            + " is never exceeded).")
    private @Nullable Integer rate;

    @Option(names = "--dry-run", description = "Only count what is there: nothing is changed and nothing published.")
    private boolean dryRun;

    @Option(names = "--json", description = "Print the result as one JSON object, in the last line.")
    private boolean json;

    @Override
    public Integer call() throws MisconfiguredException, CommandFailedException, InterruptedException {
        ReplayOrder order = order(clock.instant());
        WorkerConfig worker = chosen(file.load().config());
        Keys keys = KeyFile.load(worker.keys());
        Optional<SubjectKey> person = Optional.ofNullable(subject).map(userId -> keys.subjectKey(tenant, userId));
        try (var run = new ReplayRun(worker, order, keys, person, clock)) {
            return follow(run);
        } catch (KafkaException e) {
            throw new CommandFailedException(
                    "The log can't be read (" + e.getClass().getSimpleName() + ": " + e.getMessage()
                            + "); check kafka: bootstrap.servers, the brokers, and 'lethe topics check'.");
        }
    }

    private int follow(ReplayRun run) throws InterruptedException {
        var screen =
                new ReplayScreen(spec.commandLine().getOut(), spec.commandLine().getErr());
        Replay replay = run.replay();
        var told = new CountDownLatch(1);
        stopOnSignal(replay, told);
        try {
            screen.note((dryRun ? "Counting" : "Erasing") + " what at most " + run.size() + " requests ask for"
                    + (subject == null ? "" : ", of one person only"));
            replay.start();
            while (!replay.awaitEnd(LOOK_EVERY)) {
                screen.show(replay.progress());
            }
            screen.shown(replay.progress());
            ReplayReport report = run.report();
            if (json) {
                screen.say(JsonText.of(report));
            } else {
                screen.summary(report);
            }
            return report.isComplete() ? 0 : 1;
        } finally {
            told.countDown();
        }
    }

    /** The process does not end before it has said how to go on. */
    private static void stopOnSignal(Replay replay, CountDownLatch told) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            try {
                                replay.stop();
                                told.await();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        },
                        "stop-replay"));
    }

    private ReplayOrder order(Instant now) {
        if (tenant != null && subject == null) {
            throw misuse("--tenant says whose tenant: name the person with --subject");
        }
        if (subject != null && subject.isBlank()) {
            throw misuse("--subject must not be blank");
        }
        if (rate != null && rate < 1) {
            throw misuse("--rate must be 1 or more");
        }
        Instant from = instant("--since", since, now);
        Optional<Instant> to = Optional.ofNullable(until).map(text -> instant("--until", text, now));
        if (to.isPresent() && !from.isBefore(to.get())) {
            throw misuse("--since must be before --until");
        }
        return new ReplayOrder(
                file.config().toString(),
                file.plugins().map(Object::toString),
                from,
                to,
                subject != null,
                Optional.ofNullable(tenant),
                rate == null ? OptionalInt.empty() : OptionalInt.of(rate),
                dryRun);
    }

    private Instant instant(String option, String text, Instant now) {
        try {
            return PointInTime.parse(text, now);
        } catch (IllegalArgumentException e) {
            throw misuse(option + " " + e.getMessage());
        }
    }

    private WorkerConfig chosen(WorkerConfig all) {
        try {
            return stores.all ? all : all.only(stores.names);
        } catch (IllegalArgumentException e) {
            throw misuse("--store: " + e.getMessage());
        }
    }

    private ParameterException misuse(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
