package dev.lethe.worker.app;

import dev.lethe.cli.Age;
import dev.lethe.cli.CommandFailedException;
import dev.lethe.cli.JsonText;
import dev.lethe.cli.LetheCommand;
import dev.lethe.cli.Table;
import dev.lethe.cli.Terminal;
import dev.lethe.config.MisconfiguredException;
import dev.lethe.worker.status.LaneHealth;
import dev.lethe.worker.status.LaneHealth.Because;
import dev.lethe.worker.status.LaneSurvey;
import dev.lethe.worker.status.ReportedLane;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lethe lanes}. */
@Command(
        name = "lanes",
        mixinStandardHelpOptions = true,
        subcommands = LanesResumeCommand.class,
        description = {
            "How each store's lanes are doing: the one that works the log off, and the one that takes back what the store"
                    + " refused (STORE-retry). With 'confirmation', the lanes that ask the identity provider come first:"
                    + " confirm, and confirm-retry for users who were still there. With 'sweeps', those that look again"
                    + " (STORE-sweep-1h, ...) and the one that settles what was left open (STORE-settle). Reads Kafka alone,"
                    + " and disturbs nobody.",
            "",
            "STATE is running, idle (nothing to do), waiting (for its delay), stalled (nothing done in the sample,"
                    + " and the next record has been lying there for 10 s), no worker, or holding: with --worker, what a"
                    + " worker says of itself, since when and why. Kafka alone can't tell holding from stalled.",
            "",
            "LAG counts records to do. OLDEST is the request that has waited longest. DUE SOON counts unfinished requests"
                    + " due within 3 days, and OVERDUE those past their due date, the store's dead letters included.",
            "",
            "A table on a terminal; elsewhere a line per lane, its fields separated by tabs. Exit code 1 if a lane is"
                    + " stalled, holding or without a worker, if a due date is over, or if a --worker does not answer.",
            ""
        })
public final class LanesCommand implements LetheCommand {
    private static final Duration REFRESH = Duration.ofSeconds(3);
    private static final String CLEAR_SCREEN = "\u001b[H\u001b[2J";

    private final InstantSource clock = InstantSource.system();

    @Spec
    @SuppressWarnings("NullAway.Init") // filled by picocli
    private CommandSpec spec;

    @Mixin
    private WorkerFile file = new WorkerFile();

    @Option(
            names = "--worker",
            paramLabel = "URL",
            description = "The management port of a worker, such as http://worker-1:8081. Name as many as there are.")
    private List<URI> workers = List.of();

    @Option(
            names = "--sample",
            paramLabel = "DURATION",
            defaultValue = "PT2S",
            description = "How long to watch how fast they get on (default: ${DEFAULT-VALUE}).")
    private Duration sample = Duration.ofSeconds(2);

    @Option(names = "--watch", description = "Look again every few seconds, until Ctrl-C.")
    private boolean watch;

    @Option(names = "--json", description = "Print JSON: one document, or with --watch one a line.")
    private boolean json;

    /** The JSON of {@code --json}. */
    record Look(Instant at, List<LaneHealth> lanes, List<String> problems) {}

    @Override
    public Integer call() throws MisconfiguredException, CommandFailedException, InterruptedException {
        if (sample.isNegative() || sample.isZero()) {
            throw new ParameterException(spec.commandLine(), "--sample must be longer than nothing.");
        }
        WorkerConfig worker = file.load().config();
        try (var survey = new LaneSurvey(worker.kafka(), worker.lanes(), clock)) {
            while (true) {
                Look look = look(survey);
                show(look);
                if (!watch) {
                    boolean troubled = look.lanes().stream().anyMatch(LaneHealth::isTroubled);
                    return troubled || !look.problems().isEmpty() ? 1 : 0;
                }
                Thread.sleep(REFRESH);
            }
        } catch (KafkaException e) {
            throw new CommandFailedException(
                    "Kafka does not say it (" + e.getClass().getSimpleName()
                            + "): check bootstrap.servers, the brokers, and 'lethe topics check'.");
        }
    }

    private Look look(LaneSurvey survey) throws InterruptedException {
        var reported = new ArrayList<ReportedLane>();
        var problems = new ArrayList<String>();
        for (URI worker : workers) {
            try {
                reported.addAll(ReportedLane.ask(worker));
            } catch (IOException | IllegalArgumentException e) {
                problems.add("worker " + worker + " does not say how its lanes are ("
                        + e.getClass().getSimpleName() + "): is it running, and is this its management port?");
            }
        }
        List<LaneHealth> lanes = survey.look(sample, reported);
        return new Look(clock.instant().truncatedTo(ChronoUnit.MILLIS), lanes, problems);
    }

    private void show(Look look) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonText.of(look));
            out.flush();
            return;
        }
        if (watch && Terminal.isInteractive()) {
            out.print(CLEAR_SCREEN);
        }
        var table = new Table(
                "LANE",
                "STATE",
                "LAG",
                "PER SECOND",
                "OLDEST",
                "AGE",
                "DUE SOON",
                "OVERDUE",
                "DEAD LETTERS",
                "MEMBERS",
                "WHY");
        for (LaneHealth lane : look.lanes()) {
            LaneHealth.Oldest oldest = lane.oldest();
            table.row(
                    lane.lane(),
                    lane.state().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    lane.lag(),
                    String.format(Locale.ROOT, "%.1f", lane.ratePerSecond()),
                    oldest == null ? "-" : oldest.requestId() == null ? "unreadable" : oldest.requestId(),
                    oldest == null ? "-" : Age.of(Duration.ofSeconds(oldest.ageSeconds())),
                    lane.dueSoon(),
                    lane.overdue(),
                    lane.deadLetters(),
                    lane.members(),
                    why(lane.because()));
        }
        table.print(out);
        look.problems().forEach(spec.commandLine().getErr()::println);
        out.flush();
    }

    private String why(@Nullable Because because) {
        if (because == null) {
            return "-";
        }
        String since = because.since() == null
                ? ""
                : "since " + because.since().truncatedTo(ChronoUnit.SECONDS) + " ("
                        + Age.of(Duration.between(because.since(), clock.instant())) + "): ";
        return since + because.code() + ": " + because.message();
    }
}
