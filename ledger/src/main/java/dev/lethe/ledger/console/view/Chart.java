package dev.lethe.ledger.console.view;

import dev.lethe.ledger.request.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * Bars over days, laid out.
 *
 * @param name what is counted
 * @param summary the chart in a sentence
 * @param period over which time
 * @param step what a bar stands for
 * @param isOther whether it has the other colour
 */
public record Chart(
        String name,
        String summary,
        String period,
        String step,
        boolean isOther,
        List<Rule> rules,
        List<Bar> bars,
        List<Label> labels) {
    public static final int WIDTH = 600;
    public static final int HEIGHT = 190;
    public static final int LEFT = 46;
    private static final int TOP = 12;
    private static final int BOTTOM = 24;
    private static final double GAP = 0.24;
    private static final double ROUNDED = 2.5;

    /** A line across, and what it stands for. */
    public record Rule(String y, String textY, String label, boolean isBase) {}

    /** A day. */
    public record Bar(String name, String number, String title, String path, boolean isEmpty) {}

    /** A text below. */
    public record Label(String x, String text, String anchor) {}

    /** @param counted what of each point is drawn */
    static Chart of(String name, String noun, List<Point> points, ToLongFunction<Point> counted, boolean isOther) {
        long most = points.stream().mapToLong(counted).max().orElse(0);
        long sum = points.stream().mapToLong(counted).sum();
        long top = niceAbove(most);
        double height = HEIGHT - TOP - BOTTOM;
        var rules = new ArrayList<Rule>();
        int steps = top < 4 ? (int) top : top % 4 == 0 ? 4 : 5;
        for (int i = 0; i <= steps; i++) {
            double y = TOP + height * (1 - (double) i / steps);
            rules.add(new Rule(text(y), text(y + 4), shortNumber(top * i / steps), i == 0));
        }
        var bars = new ArrayList<Bar>();
        double slot = (double) (WIDTH - LEFT) / Math.max(1, points.size());
        for (int i = 0; i < points.size(); i++) {
            Point point = points.get(i);
            long number = counted.applyAsLong(point);
            String day = Words.day(point.from());
            double x = LEFT + slot * i + slot * GAP / 2;
            double width = slot * (1 - GAP);
            double barHeight = number == 0 ? 0 : Math.max(2, height * number / top);
            bars.add(new Bar(
                    day,
                    Words.number(number),
                    day + ": " + Words.number(number) + " " + noun,
                    path(x, TOP + height - barHeight, width, barHeight),
                    number == 0));
        }
        String days = points.size() + " days";
        return new Chart(
                name,
                name + ", " + days + ": " + Words.number(sum) + " in all, at most " + Words.number(most) + " on a day.",
                Words.number(sum) + " in " + days,
                "Day",
                isOther,
                rules,
                bars,
                labels(points, slot));
    }

    /** The days, the last first. */
    public List<Bar> newestFirst() {
        return bars.reversed();
    }

    private static List<Label> labels(List<Point> points, double slot) {
        var labels = new ArrayList<Label>();
        if (points.isEmpty()) {
            return labels;
        }
        labels.add(new Label(text(LEFT), Words.dayOfYear(points.getFirst().from()), "start"));
        int middle = points.size() / 2;
        labels.add(new Label(
                text(LEFT + slot * (middle + 0.5)),
                Words.dayOfYear(points.get(middle).from()),
                "middle"));
        labels.add(new Label(text(WIDTH), "today", "end"));
        return labels;
    }

    /** A bar with rounded shoulders. */
    private static String path(double x, double y, double width, double height) {
        double round = Math.min(ROUNDED, Math.min(height, width / 2));
        return "M%s %sV%sQ%s %s %s %sH%sQ%s %s %s %sV%sZ"
                .formatted(
                        text(x),
                        text(y + height),
                        text(y + round),
                        text(x),
                        text(y),
                        text(x + round),
                        text(y),
                        text(x + width - round),
                        text(x + width),
                        text(y),
                        text(x + width),
                        text(y + round),
                        text(y + height));
    }

    /** A round number that is not less. */
    private static long niceAbove(long number) {
        long power = 1;
        while (power * 10 < number) {
            power *= 10;
        }
        for (long step : new long[] {1, 2, 4, 5, 10}) {
            if (power * step >= number) {
                return Math.max(power * step, 4);
            }
        }
        return power * 10;
    }

    private static String shortNumber(long number) {
        if (number >= 1_000_000) {
            return trimmed(number / 1e6) + "M";
        }
        return number >= 10_000 ? trimmed(number / 1e3) + "k" : Words.number(number);
    }

    private static String trimmed(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : String.format(Locale.ROOT, "%.1f", number);
    }

    private static String text(double coordinate) {
        return String.format(Locale.ROOT, "%.1f", coordinate);
    }
}
