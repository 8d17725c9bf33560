package dev.lethe.worker.check;

import static dev.lethe.cli.Table.printable;

import dev.lethe.kafka.Topics;
import dev.lethe.worker.forget.ForgetReport;
import dev.lethe.worker.forget.ForgetReport.StoreReport;
import dev.lethe.worker.store.StorePlan;
import dev.lethe.worker.store.StorePlan.Step;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** A report as people read it. */
public final class CheckText {
    private final PrintWriter out;
    private final boolean withStatements;

    /** @param withStatements whether each target is followed by what the store would be told */
    public CheckText(PrintWriter out, boolean withStatements) {
        this.out = out;
        this.withStatements = withStatements;
    }

    public void print(CheckReport report) {
        print(report.log());
        if (report.keys() != null) {
            out.println("Key file");
            say("✗", List.of(report.keys()));
            out.println();
        }
        if (report.identityProvider() != null) {
            print(report.identityProvider());
        }
        report.stores().forEach(this::print);
        if (report.sample() != null) {
            print(report.sample());
        }
        int hindrances = report.hindrances().size();
        out.println(
                hindrances == 0
                        ? "✓ Nothing stands in the way of an erasure."
                        : "✗ %d thing%s would stop or stall an erasure: what is marked with ✗ or !"
                                .formatted(hindrances, hindrances == 1 ? "" : "s"));
        out.flush();
    }

    private void print(LogCheck log) {
        out.println("Kafka at " + log.servers() + ": acknowledged means "
                + switch (log.durability()) {
                    case REPLICATED -> "that two of three replicas have it";
                    case SINGLE_NODE -> "written through to the disk of the only broker";
                });
        int width = width(log.topics(), Topics.State::topic);
        for (Topics.State topic : log.topics()) {
            if (topic.partitions() > 0) {
                out.printf("    %-" + width + "s  %s%n", topic.topic(), facts(topic));
            }
        }
        say("✗", log.problems());
        out.println();
    }

    private static String facts(Topics.State topic) {
        Map<String, String> settings = topic.settings();
        String facts = "%d partitions, %d replica%s, min ISR %s, %s"
                .formatted(
                        topic.partitions(),
                        topic.replicas(),
                        topic.replicas() == 1 ? "" : "s",
                        settings.getOrDefault("min.insync.replicas", "?"),
                        settings.getOrDefault("cleanup.policy", "?"));
        if (settings.containsKey("retention.ms")) {
            facts += " " + kept(settings.getOrDefault("retention.ms", ""));
        }
        if (settings.containsKey("message.timestamp.type")) {
            facts += ", " + settings.get("message.timestamp.type");
        }
        if (settings.containsKey("flush.messages")) {
            facts += ", flush every " + settings.get("flush.messages");
        }
        return facts;
    }

    private static String kept(String millis) {
        return millis.equals("-1")
                ? "never"
                : "after %d days"
                        .formatted(Duration.ofMillis(Long.parseLong(millis)).toDays());
    }

    private void print(ProviderCheck provider) {
        out.println("Identity provider " + provider.type());
        if (provider.problem() == null) {
            out.println("    finds users who exist: a deletion is confirmed by it before anybody is erased");
        } else {
            say("✗", List.of(provider.problem()));
        }
        out.println();
    }

    private void print(StoreCheck store) {
        StorePlan plan = store.plan();
        out.println("Store " + store.store());
        int targets = width(plan.steps(), Step::target);
        int n = 0;
        for (Step step : plan.steps()) {
            n++;
            out.printf(
                    "%4d. %-9s  %-" + targets + "s  %s%n",
                    n,
                    step.action().name().toLowerCase(Locale.ROOT),
                    printable(step.target()),
                    printable(step.path()));
            if (withStatements) {
                step.statements()
                        .forEach(statement ->
                                statement.lines().forEach(line -> out.println("        " + printable(line))));
            }
        }
        if (plan.steps().isEmpty() && !plan.obstacles().isEmpty()) {
            out.println("    nothing is erased before this is settled:");
        }
        int left = width(List.copyOf(plan.uncovered().keySet()), Function.identity());
        plan.uncovered()
                .forEach((target, reason) ->
                        out.printf("    - stays      %-" + left + "s  %s%n", printable(target), printable(reason)));
        say("✗", plan.obstacles());
        say("!", plan.delays());
        say(
                "?",
                plan.warnings().stream()
                        .filter(warning -> !plan.delays().contains(warning))
                        .toList());
        out.println();
    }

    private void print(ForgetReport sample) {
        out.println("Subject " + sample.subjectKey() + ", looked up by " + String.join(", ", sample.identifiers())
                + " (from " + sample.identifiersFrom() + ")");
        int stores = width(sample.stores(), StoreReport::store);
        int targets = width(
                sample.stores().stream()
                        .flatMap(store ->
                                store.items() == null ? Stream.<String>empty() : store.items().keySet().stream())
                        .toList(),
                Function.identity());
        for (StoreReport store : sample.stores()) {
            Map<String, Long> items = store.items() == null ? Map.of() : store.items();
            Map<String, Long> retained = store.retained() == null ? Map.of() : store.retained();
            items.forEach((target, count) -> out.printf(
                    Locale.ROOT,
                    "    %-" + stores + "s  %-" + targets + "s  %8d%s%n",
                    store.store(),
                    printable(target),
                    count,
                    retained.containsKey(target) ? ", and %d to be kept".formatted(retained.get(target)) : ""));
        }
        say("✗", sample.unknown());
        out.println();
    }

    private void say(String mark, List<String> lines) {
        lines.forEach(line -> out.println("  " + mark + " " + printable(line)));
    }

    private static <T> int width(List<T> all, Function<T, String> text) {
        return Math.max(
                1, all.stream().mapToInt(one -> text.apply(one).length()).max().orElse(0));
    }
}
