package dev.lethe.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lethe.cli.Table;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The figures of a run, each with what it is to be compared with, and where it was run. */
final class Report {
    private final Map<String, Object> environment = new LinkedHashMap<>();
    private final List<Figure> figures = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<Bar> bars = new ArrayList<>();

    /**
     * One row.
     *
     * @param limit what it is compared with, measured in the same run
     * @param ratio of the figure to the limit
     * @param wanted what the ratio should be
     * @param met whether it is
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Figure(
            String what,
            double value,
            String unit,
            @Nullable String limit,
            @Nullable Double limitValue,
            @Nullable Double ratio,
            @Nullable String wanted,
            @Nullable Boolean met) {}

    /**
     * One value of a plot.
     *
     * @param plot the plot's title
     * @param unit of its axis
     */
    record Bar(String plot, String unit, String series, String category, double value) {}

    void environment(boolean full) {
        environment.put("at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        environment.put("full", full);
        environment.put("cores", Runtime.getRuntime().availableProcessors());
        environment.put("jvm", System.getProperty("java.vm.name") + " " + Runtime.version());
        environment.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        environment.put(
                "load before, per minute",
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    void environment(Database database, boolean full) throws SQLException {
        environment.put("at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        environment.put("full", full);
        environment.put("cores", Runtime.getRuntime().availableProcessors());
        environment.put(
                "jvm",
                "%s, %d MB of heap"
                        .formatted(
                                System.getProperty("java.vm.name") + " " + Runtime.version(),
                                Runtime.getRuntime().maxMemory() >> 20));
        environment.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        environment.put(
                "database",
                "PostgreSQL " + database.text("SHOW server_version") + ", fsync " + database.text("SHOW fsync")
                        + ", shared_buffers " + database.text("SHOW shared_buffers"));
        environment.forEach((name, value) -> notes.add(name + ": " + value));
    }

    void note(String note) {
        notes.add(note);
    }

    List<String> notes() {
        return notes;
    }

    void figure(String what, double value, String unit) {
        figures.add(new Figure(what, value, unit, null, null, null, null, null));
    }

    void figure(String what, double value, String unit, String limit, double limitValue) {
        figures.add(new Figure(what, value, unit, limit, limitValue, value / limitValue, null, null));
    }

    void atLeast(String what, double value, String unit, String limit, double limitValue, double wanted) {
        double ratio = value / limitValue;
        figures.add(new Figure(what, value, unit, limit, limitValue, ratio, ">= " + wanted, ratio >= wanted));
    }

    void atMost(String what, double value, String unit, String limit, double limitValue, double wanted) {
        double ratio = value / limitValue;
        figures.add(new Figure(what, value, unit, limit, limitValue, ratio, "<= " + wanted, ratio <= wanted));
    }

    /** As {@link #atMost}, but wanted is a value, and no ratio. */
    void below(String what, double value, String unit, String limit, double limitValue, double wanted) {
        figures.add(new Figure(
                what,
                value,
                unit,
                limit,
                limitValue,
                value / limitValue,
                "<= %.0f %s".formatted(wanted, unit),
                value <= wanted));
    }

    void bar(String plot, String unit, String series, String category, double value) {
        bars.add(new Bar(plot, unit, series, category, value));
    }

    List<Bar> bars() {
        return bars;
    }

    /** Compared with what was promised. */
    void noMoreThan(String what, double value, String unit, double promised) {
        figures.add(new Figure(what, value, unit, "promised", promised, value / promised, "<= 1", value <= promised));
    }

    Table table() {
        return table(List.of(this));
    }

    /** One table of them all. */
    static Table table(List<Report> reports) {
        var table = new Table("FIGURE", "MEASURED", "LIMIT IN THE SAME RUN", "RATIO", "WANTED", "");
        for (Figure figure :
                reports.stream().flatMap(report -> report.figures.stream()).toList()) {
            table.row(cells(figure).toArray());
        }
        return table;
    }

    /** A page of them all, in Markdown. */
    static String page(List<Report> reports) {
        var page = new StringBuilder("# Figures of the last run\n\n`./lethe bench` wrote this; ")
                .append("[Performance](../../docs/performance.md) explains it.\n\n");
        reports.getFirst()
                .environment
                .forEach((name, value) -> page.append("- ")
                        .append(name)
                        .append(": ")
                        .append(value)
                        .append('\n'));
        page.append("\n| figure | measured | limit in the same run | ratio | wanted | |\n|---|---|---|---|---|---|\n");
        reports.stream()
                .flatMap(report -> report.figures.stream())
                .forEach(figure -> page.append("| ")
                        .append(String.join(" | ", cells(figure)))
                        .append(" |\n"));
        reports.stream()
                .flatMap(report -> report.notes.stream())
                .forEach(note -> page.append('\n').append(note).append(".\n"));
        return page.toString();
    }

    private static List<String> cells(Figure figure) {
        return List.of(
                figure.what(),
                number(figure.value()) + " " + figure.unit(),
                figure.limitValue() == null
                        ? ""
                        : number(figure.limitValue()) + " " + figure.unit() + ", " + figure.limit(),
                figure.ratio() == null ? "" : String.format(Locale.ROOT, "%.2f", figure.ratio()),
                figure.wanted() == null ? "" : figure.wanted(),
                figure.met() == null ? "" : figure.met() ? "yes" : "NO");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.3f" : "%.0f", value);
    }

    void write(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        var all = new LinkedHashMap<String, Object>();
        all.put("environment", environment);
        all.put("figures", figures);
        all.put("notes", notes);
        JsonMapper json =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        Files.writeString(file, json.writeValueAsString(all) + "\n");
    }

    static <K extends Enum<K>, T> double median(Map<K, List<T>> values, K of, ToDoubleFunction<T> value) {
        return median(Objects.requireNonNull(values.get(of)), value);
    }

    static <T> double median(List<T> values, ToDoubleFunction<T> value) {
        return median(values.stream().map(value::applyAsDouble).toList());
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
