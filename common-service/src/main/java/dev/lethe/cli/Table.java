package dev.lethe.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Help.Ansi;

/**
 * Rows under a heading: aligned for a person at a terminal; otherwise a line each, its fields separated by tabs and without
 * the heading, for the next program in the pipe.
 */
public final class Table {
    private static final String GAP = "  ";

    private final List<String> heading;
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... heading) {
        this.heading = List.of(heading);
    }

    /** Adds a row: a text per column. Control characters are replaced, since some of it was written by others. */
    public Table row(Object... cells) {
        if (cells.length != heading.size()) {
            throw new IllegalArgumentException("a row has a cell per column");
        }
        rows.add(IntStream.range(0, cells.length)
                .mapToObj(i -> printable(String.valueOf(cells[i])))
                .toList());
        return this;
    }

    public void print(PrintWriter out) {
        print(out, Terminal.isInteractive());
    }

    void print(PrintWriter out, boolean aligned) {
        if (!aligned) {
            rows.forEach(row -> out.println(String.join("\t", row)));
        } else if (!rows.isEmpty()) {
            List<Integer> widths = IntStream.range(0, heading.size())
                    .mapToObj(column -> Math.max(
                            heading.get(column).length(),
                            rows.stream()
                                    .mapToInt(row -> row.get(column).length())
                                    .max()
                                    .orElse(0)))
                    .toList();
            out.println(Ansi.AUTO.string("@|bold " + line(heading, widths) + "|@"));
            rows.forEach(row -> out.println(line(row, widths)));
        }
        out.flush();
    }

    /** The text without characters that could move a terminal's cursor or end a line. */
    public static String printable(String text) {
        return text.codePoints()
                .mapToObj(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT
                        ? "\ufffd"
                        : Character.toString(c))
                .collect(Collectors.joining());
    }

    private static String line(List<String> cells, List<Integer> widths) {
        return IntStream.range(0, cells.size())
                .mapToObj(i ->
                        cells.get(i) + " ".repeat(widths.get(i) - cells.get(i).length()))
                .collect(Collectors.joining(GAP))
                .stripTrailing();
    }
}
