package dev.lethe.worker.check;

import static dev.lethe.cli.Table.printable;

import dev.lethe.worker.store.StorePlan;
import dev.lethe.worker.store.StorePlan.Reference;
import dev.lethe.worker.store.StorePlan.Step;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What leads to what, as a flowchart in Mermaid: from the identifiers over one target to the next. */
public final class Diagram {
    private final StringBuilder text = new StringBuilder("flowchart LR\n");

    private Diagram() {}

    public static String of(List<StoreCheck> stores) {
        var diagram = new Diagram();
        int n = 0;
        for (StoreCheck store : stores) {
            diagram.add("s" + n++, store);
        }
        diagram.line(1, "classDef stays stroke-dasharray: 4 4");
        return diagram.text.toString();
    }

    private void add(String id, StoreCheck store) {
        StorePlan plan = store.plan();
        var nodes = new LinkedHashMap<String, String>();
        plan.steps().forEach(step -> nodes.putIfAbsent(step.target(), id + "t" + nodes.size()));
        var identifiers = new LinkedHashMap<String, String>();
        plan.steps().stream()
                .flatMap(step -> step.references().stream())
                .map(Reference::from)
                .filter(from -> !nodes.containsKey(from))
                .forEach(from -> identifiers.putIfAbsent(from, id + "i" + identifiers.size()));
        line(1, "subgraph " + id + "[" + quoted(store.store()) + "]");
        identifiers.forEach((name, node) -> line(2, node + "([" + quoted(name) + "])"));
        for (Step step : plan.steps()) {
            String action = step.action().name().toLowerCase(Locale.ROOT);
            String how = step.references().isEmpty() ? action + ", " + step.path() : action;
            line(2, nodes.get(step.target()) + "[" + quoted(step.target(), how) + "]");
        }
        for (Step step : plan.steps()) {
            for (Reference reference : step.references()) {
                String from = nodes.getOrDefault(reference.from(), identifiers.get(reference.from()));
                line(2, from + " -->|" + quoted(reference.by()) + "| " + nodes.get(step.target()));
            }
        }
        int n = 0;
        for (Map.Entry<String, String> left : plan.uncovered().entrySet()) {
            line(2, id + "u" + n++ + "[" + quoted(left.getKey(), "stays: " + left.getValue()) + "]:::stays");
        }
        line(1, "end");
    }

    private void line(int depth, String content) {
        text.append("  ".repeat(depth)).append(content).append('\n');
    }

    private static String quoted(String name, String below) {
        return '"' + escaped(name) + "<br/>" + escaped(below) + '"';
    }

    private static String quoted(String label) {
        return '"' + escaped(label) + '"';
    }

    /** Mermaid's entities: a number sign begins one. */
    private static String escaped(String label) {
        return printable(label)
                .replace("#", "#35;")
                .replace("\"", "#quot;")
                .replace("<", "#lt;")
                .replace(">", "#gt;")
                .replace("`", "#96;");
    }
}
