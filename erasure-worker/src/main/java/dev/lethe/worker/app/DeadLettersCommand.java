package dev.lethe.worker.app;

import dev.lethe.cli.Age;
import dev.lethe.cli.CommandFailedException;
import dev.lethe.cli.JsonText;
import dev.lethe.cli.LetheCommand;
import dev.lethe.cli.Table;
import dev.lethe.cli.Terminal;
import dev.lethe.config.MisconfiguredException;
import dev.lethe.events.Keys;
import dev.lethe.keys.KeyFile;
import dev.lethe.worker.deadletter.DeadLetter;
import dev.lethe.worker.deadletter.DeadLetters;
import dev.lethe.worker.deadletter.Decisions;
import dev.lethe.worker.deadletter.Decisions.Decided;
import dev.lethe.worker.deadletter.Decisions.State;
import dev.lethe.worker.deadletter.Explanation;
import dev.lethe.worker.deadletter.Reason;
import dev.lethe.worker.deadletter.Redrive;
import dev.lethe.worker.deadletter.Redrive.Fate;
import dev.lethe.worker.deadletter.Redrive.Result;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lethe dead-letters}. */
@Command(
        name = "dead-letters",
        description = {
            "See and settle the requests that a store does not have done: those that it refused until they were too old"
                    + " (retries.maxAge), and those that can't be read.",
            "",
            "Each is an entry in the topic erasure.dead-letters and stays open until its store has erased it after a"
                    + " 'redrive', or a human gives it up with 'discard' and says why. Mend the cause first: 'show' says"
                    + " what the code means.",
            "",
            "Tables on a terminal; elsewhere lines of fields separated by tabs, without a heading. Nothing here prints an"
                    + " identifier of anybody: a person is a pseudonym, the subject key.",
            ""
        },
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "Commands:%n",
        mixinStandardHelpOptions = true)
public final class DeadLettersCommand implements LetheCommand {
    private final InstantSource clock = InstantSource.system();

    @Spec
    @SuppressWarnings("NullAway.Init") // filled by picocli
    private CommandSpec spec;

    /** Where, and how to print. */
    static final class Scope {
        @Mixin
        private WorkerFile file = new WorkerFile();

        @Option(names = "--json", description = "Print JSON, a line per entry.")
        private boolean json;

        WorkerConfig load() throws MisconfiguredException {
            return file.load().config();
        }
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "Name a command: list, show, redrive or discard.");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = {"The open entries, the longest failing first.", ""})
    int list(@Mixin Scope scope, @Mixin DeadLetterCriteria criteria)
            throws MisconfiguredException, CommandFailedException, InterruptedException {
        WorkerConfig config = scope.load();
        try (var topic = new DeadLetters(config.kafka(), clock)) {
            Instant now = clock.instant();
            List<DeadLetter> open = chosen(topic.open(), criteria);
            Set<String> onTheirWay = topic.onTheirWay(readStores(open, config));
            var table =
                    new Table("KEY", "STORE", "CODE", "ATTEMPTS", "FIRST FAILED", "AGE", "DUE BY", "ORIGIN", "STATE");
            for (DeadLetter letter : open) {
                var view = DeadLetterView.of(letter, onTheirWay.contains(letter.key()), now);
                if (scope.json) {
                    say(JsonText.of(view));
                }
                table.row(
                        letter.key(),
                        letter.store(),
                        letter.code(),
                        letter.attempts(),
                        view.firstFailedAt(),
                        Age.of(letter.age(now)),
                        view.dueBy() == null ? "-" : view.dueBy(),
                        view.origin() == null ? "-" : view.origin().place(),
                        view.redriven() ? "redriven" : "open");
            }
            if (!scope.json) {
                table.print(out());
                if (open.isEmpty() && Terminal.isInteractive()) {
                    say("No dead letters.");
                }
            }
            return 0;
        } catch (KafkaException e) {
            throw unanswered(e);
        }
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = {
                "Everything that is known of one entry, what its code means, and what to do about it. The sealed part of the"
                        + " request stays sealed.",
                ""
            })
    int show(@Mixin Scope scope, @Parameters(paramLabel = "KEY", description = "As 'list' has it.") String key)
            throws MisconfiguredException, CommandFailedException, InterruptedException {
        WorkerConfig config = scope.load();
        Keys keys = KeyFile.load(config.keys());
        try (var topic = new DeadLetters(config.kafka(), clock)) {
            DeadLetter letter = find(topic.open(), key);
            Set<String> onTheirWay = topic.onTheirWay(readStores(List.of(letter), config));
            var view = DeadLetterView.of(letter, onTheirWay.contains(key), clock.instant());
            String redrive = letter.obstacle(keys, config.retrying())
                    .map(why -> "not possible: " + why)
                    .orElse("possible; mend the cause first");
            Explanation explanation = Explanation.of(letter.code());
            if (scope.json) {
                say(JsonText.of(view.explained(explanation)));
                return 0;
            }
            view.details().forEach((name, value) -> say("%-16s %s".formatted(name, Table.printable(value))));
            say("%-16s %s".formatted("redrive", Table.printable(redrive)));
            say("");
            say(letter.code() + ": " + explanation.meaning());
            say(explanation.remedy());
            return 0;
        } catch (KafkaException e) {
            throw unanswered(e);
        }
    }

    @Command(
            name = "redrive",
            mixinStandardHelpOptions = true,
            description = {
                "Send entries back to the retry topics of their stores. Name them, or choose them by store, code and age, or"
                        + " take --all.",
                "",
                "A worker takes each after the retry delay. It closes the entry when the store has erased the person; if the"
                        + " store refuses again, the request is retried for retries.maxAge, and then the entry is there"
                        + " again with the new failure. Nothing is lost if this command or a worker is stopped at any"
                        + " moment, and to redrive twice does no harm.",
                "",
                "An entry that can't be read is refused, with the reason, until it can be. Exit code 1 if any entry was"
                        + " refused or, with --wait, not settled.",
                ""
            })
    int redrive(
            @Mixin Scope scope,
            @Parameters(paramLabel = "KEY", arity = "0..*", description = "Entries, as 'list' has them.") @Nullable
                    List<String> named,
            @Mixin DeadLetterCriteria criteria,
            @Option(names = "--all", description = "Every entry.") boolean all,
            @Option(
                            names = "--wait",
                            paramLabel = "DURATION",
                            arity = "0..1",
                            fallbackValue = "PT10M",
                            description =
                                    "Wait until it is known what became of each, at most this long (${FALLBACK-VALUE}"
                                            + " unless said).")
                    @Nullable
                    Duration wait)
            throws MisconfiguredException, CommandFailedException, InterruptedException {
        List<String> chosen = named == null ? List.of() : named;
        if ((chosen.isEmpty() ? 0 : 1) + (criteria.areGiven() ? 1 : 0) + (all ? 1 : 0) != 1) {
            throw misuse(
                    "redrive", "Name entries, or choose them with --store, --code and --older-than, or take --all.");
        }
        WorkerConfig config = scope.load();
        Keys keys = KeyFile.load(config.keys());
        try (var topic = new DeadLetters(config.kafka(), clock)) {
            List<DeadLetter> open = topic.open();
            List<DeadLetter> wanted = chosen.isEmpty() ? chosen(open, criteria) : findAll(open, chosen);
            var sent = decisions(topic, keys, config).redrive(wanted);
            boolean complete = true;
            for (Decided decided : sent.decided()) {
                complete &= decided.state() != State.REFUSED;
                report(
                        scope,
                        decided.letter().key(),
                        decided.state() == State.REFUSED ? "refused" : "redriven",
                        decided.state() == State.REDRIVEN
                                ? decided.detail() + " takes it in "
                                        + Age.of(config.retries().delay())
                                : decided.detail());
            }
            if (wait != null) {
                var results = new ArrayList<Result>();
                sent.redrive().await(wait, new Waiting(scope, results));
                complete &= results.stream().allMatch(result -> result.fate() == Fate.SETTLED);
            }
            return complete ? 0 : 1;
        } catch (KafkaException e) {
            throw unanswered(e);
        }
    }

    @Command(
            name = "discard",
            mixinStandardHelpOptions = true,
            description = {
                "Give entries up: those named, or those chosen by store, code and age. The person's data stays in that"
                        + " store, unless somebody has erased it by hand.",
                "",
                "Writes an outcome FAILED with the code DISCARDED and the reason, and then closes the entry. A record that"
                        + " does not say whose request it is gets no outcome.",
                ""
            })
    int discard(
            @Mixin Scope scope,
            @Parameters(paramLabel = "KEY", arity = "0..*", description = "Entries, as 'list' has them.") @Nullable
                    List<String> named,
            @Mixin DeadLetterCriteria criteria,
            @Option(
                            names = "--reason",
                            paramLabel = "TEXT",
                            required = true,
                            description = "Why, in up to 200 characters. It is kept for good: name nobody.")
                    String text,
            @Option(names = "--yes", description = "Don't ask. Needed where there is no terminal.") boolean yes)
            throws MisconfiguredException, CommandFailedException, InterruptedException {
        Reason reason = reasonOf(text);
        List<String> chosen = named == null ? List.of() : named;
        if (chosen.isEmpty() != criteria.areGiven()) {
            throw misuse("discard", "Name entries, or choose them with --store, --code and --older-than.");
        }
        if (!yes && !Terminal.isInteractive()) {
            throw misuse("discard", "There is nobody to ask for a confirmation: add --yes.");
        }
        WorkerConfig config = scope.load();
        Keys keys = KeyFile.load(config.keys());
        try (var topic = new DeadLetters(config.kafka(), clock)) {
            List<DeadLetter> open = topic.open();
            List<DeadLetter> letters = chosen.isEmpty() ? chosen(open, criteria) : findAll(open, chosen);
            var decisions = decisions(topic, keys, config);
            if (letters.stream().anyMatch(letter -> decisions.names(reason, letter))) {
                throw misuse("discard", "The reason names the person: it is kept for good, so name nobody.");
            }
            if (!yes
                    && !letters.isEmpty()
                    && !Terminal.confirms("Give up " + letters.size() + " erasure(s) for good?")) {
                throw new CommandFailedException("Nothing was discarded.");
            }
            for (DeadLetter letter : letters) {
                report(
                        scope,
                        letter.key(),
                        "discarded",
                        decisions.discard(letter, reason).detail());
            }
            return 0;
        } catch (KafkaException e) {
            throw unanswered(e);
        }
    }

    private Reason reasonOf(String text) {
        try {
            return new Reason(text);
        } catch (IllegalArgumentException e) {
            throw misuse("discard", "--reason: " + e.getMessage() + ".");
        }
    }

    private static Decisions decisions(DeadLetters topic, Keys keys, WorkerConfig config) {
        return new Decisions(topic, keys, config.retrying(), config.retries().delay());
    }

    private static Set<String> readStores(List<DeadLetter> letters, WorkerConfig config) {
        Set<String> stores = config.retrying();
        stores.retainAll(letters.stream().map(DeadLetter::store).toList());
        return stores;
    }

    private List<DeadLetter> chosen(List<DeadLetter> open, DeadLetterCriteria criteria) {
        Instant now = clock.instant();
        return open.stream().filter(it -> criteria.filter().matches(it, now)).toList();
    }

    private static List<DeadLetter> findAll(List<DeadLetter> open, List<String> keys) throws CommandFailedException {
        var found = new ArrayList<DeadLetter>();
        for (String key : Set.copyOf(keys)) {
            found.add(find(open, key));
        }
        return found;
    }

    private static DeadLetter find(List<DeadLetter> open, String key) throws CommandFailedException {
        return open.stream()
                .filter(letter -> letter.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new CommandFailedException("There is no open dead letter " + Table.printable(key)
                        + "; 'lethe dead-letters list' shows those that there are."));
    }

    private static String fateOf(Result result) {
        return switch (result.fate()) {
            case SETTLED -> "closed";
            case FAILED -> "failed";
            case PENDING -> "pending";
        };
    }

    private static String detailOf(Result result) {
        return switch (result.fate()) {
            case SETTLED -> "store " + result.store() + ": " + result.detail();
            case FAILED ->
                result.detail() + ": " + Explanation.of(result.detail()).meaning();
            case PENDING ->
                result.detail().isEmpty()
                        ? "store " + result.store() + " has not taken it; 'lethe lanes' shows why"
                        : "failed again with " + result.detail() + ", and is retried";
        };
    }

    /** Shows on a terminal that it waits, on a line that keeps changing. */
    private final class Waiting implements Redrive.Watcher {
        private static final String CLEAR = "\r\u001b[K";

        private final Scope scope;
        private final List<Result> results;

        /** @param results takes what became of each */
        Waiting(Scope scope, List<Result> results) {
            this.scope = scope;
            this.results = results;
        }

        @Override
        public void waiting(int pending, Duration left) {
            onTerminal("Waiting for %d of them, at most %d:%02d"
                    .formatted(pending, left.toMinutes(), left.toSecondsPart()));
        }

        @Override
        public void known(Result result) {
            onTerminal("");
            results.add(result);
            report(scope, result.key(), fateOf(result), detailOf(result));
        }

        private void onTerminal(String line) {
            if (Terminal.isInteractive()) {
                PrintWriter err = spec.commandLine().getErr();
                err.print(CLEAR + line);
                err.flush();
            }
        }
    }

    /** What is printed of an entry that something was done to. */
    record Line(String key, String state, String detail) {}

    private void report(Scope scope, String key, String state, String detail) {
        if (scope.json) {
            say(JsonText.of(new Line(key, state, detail)));
        } else {
            say(Table.printable(key)
                    + (Terminal.isInteractive() ? "  " + state + ": " : "\t" + state + "\t")
                    + Table.printable(detail));
        }
    }

    private ParameterException misuse(String subcommand, String message) {
        return new ParameterException(spec.subcommands().get(subcommand), message);
    }

    private static CommandFailedException unanswered(KafkaException e) {
        return new CommandFailedException("Kafka does not do it ("
                + e.getClass().getSimpleName() + "): check bootstrap.servers, the brokers, and 'lethe topics check'.");
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private void say(String line) {
        out().println(line);
        out().flush();
    }
}
