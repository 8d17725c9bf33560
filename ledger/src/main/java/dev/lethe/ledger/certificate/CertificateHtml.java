package dev.lethe.ledger.certificate;

import dev.lethe.ledger.certificate.CertificateText.Block;
import dev.lethe.ledger.certificate.CertificateText.Fact;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.text.StringEscapeUtils;

/** A certificate as a page that prints well: no script, nothing from elsewhere. */
public final class CertificateHtml {
    private static final String STYLE = """
        :root { color-scheme: light; }
        body { font: 11pt/1.5 "Liberation Sans", Arial, sans-serif; color: #111; background: #fff; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.7rem; border-bottom: 2px solid #111; padding-bottom: .3rem; }
        h2 { font-size: 1.1rem; margin: 1.6rem 0 .4rem; break-after: avoid; }
        dl { display: grid; grid-template-columns: 12rem 1fr; gap: .15rem 1rem; margin: 0; }
        dt { color: #444; } dd { margin: 0; overflow-wrap: anywhere; }
        table { border-collapse: collapse; width: 100%; margin-top: .6rem; }
        th, td { border: 1px solid #999; padding: .25rem .5rem; text-align: left; vertical-align: top; }
        th { background: #eee; } tr, li { break-inside: avoid; }
        @media print { body { margin: 0; max-width: none; } }
        @page { margin: 2cm; }
        """;

    private CertificateHtml() {}

    /** The whole page. */
    public static String page(CertificateText text) {
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>%s</title>
            <style>
            %s</style>
            </head>
            <body>
            %s
            </body>
            </html>
            """.formatted(escaped(text.title()), STYLE, content(text));
    }

    /** What is in the page's body, for a page that has a style of its own. */
    public static String content(CertificateText text) {
        return "<main>\n<h1>" + escaped(text.title()) + "</h1>\n"
                + text.blocks().stream().map(CertificateHtml::block).collect(Collectors.joining("\n"))
                + "\n</main>";
    }

    private static String block(Block block) {
        return switch (block) {
            case Block.Heading it -> "<h2>" + escaped(it.text()) + "</h2>";
            case Block.Paragraph it -> "<p>" + escaped(it.text()) + "</p>";
            case Block.Facts it -> "<dl>\n" + facts(it.facts()) + "</dl>";
            case Block.Bullets it -> "<ul>\n" + each("li", it.items()) + "</ul>";
            case Block.Table it ->
                "<table>\n<thead><tr>" + each("th scope=\"col\"", it.heading()) + "</tr></thead>\n<tbody>\n"
                        + it.rows().stream()
                                .map(row -> "<tr>" + each("td", row) + "</tr>\n")
                                .collect(Collectors.joining())
                        + "</tbody>\n</table>";
        };
    }

    private static String facts(List<Fact> facts) {
        return facts.stream()
                .map(fact -> "<dt>" + escaped(fact.name()) + "</dt><dd>" + escaped(fact.value()) + "</dd>\n")
                .collect(Collectors.joining());
    }

    private static String each(String tag, List<String> texts) {
        String end = tag.contains(" ") ? tag.substring(0, tag.indexOf(' ')) : tag;
        return texts.stream()
                .map(text -> "<" + tag + ">" + escaped(text) + "</" + end + ">")
                .collect(Collectors.joining());
    }

    private static String escaped(String text) {
        return StringEscapeUtils.escapeHtml4(text);
    }
}
