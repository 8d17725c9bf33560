package dev.lethe.bench;

import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Bars as SVG. */
final class Plots {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 360;
    private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 13);

    private Plots() {}

    /** Writes each plot of a report as {@code <title>.svg}. */
    static void write(Report report, Path folder) throws IOException {
        System.setProperty("java.awt.headless", "true");
        Map<String, List<Report.Bar>> byPlot = report.bars().stream()
                .collect(Collectors.groupingBy(Report.Bar::plot, LinkedHashMap::new, Collectors.toList()));
        for (var plot : byPlot.entrySet()) {
            Path file = folder.resolve(plot.getKey().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-") + ".svg");
            VectorGraphicsEncoder.saveVectorGraphic(
                    chart(plot.getKey(), plot.getValue()), file.toString(), VectorGraphicsFormat.SVG);
        }
    }

    private static CategoryChart chart(String title, List<Report.Bar> bars) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .yAxisTitle(bars.getFirst().unit())
                .build();
        chart.getStyler()
                .setLegendPosition(LegendPosition.OutsideS)
                .setLegendLayout(LegendLayout.Horizontal)
                .setChartBackgroundColor(Color.WHITE)
                .setBaseFont(TEXT)
                .setLegendFont(TEXT);
        chart.getStyler().setLabelsVisible(true).setLabelsFont(TEXT).setLabelsPosition(1);
        chart.getStyler().setLabelsFontColorAutomaticEnabled(false).setLabelsFontColor(Color.BLACK);
        Map<String, List<Report.Bar>> bySeries = bars.stream()
                .collect(Collectors.groupingBy(Report.Bar::series, LinkedHashMap::new, Collectors.toList()));
        bySeries.forEach((series, values) -> chart.addSeries(
                series,
                values.stream().map(Report.Bar::category).toList(),
                values.stream().map(Report.Bar::value).map(Plots::rounded).toList()));
        return chart;
    }

    /** To three digits: more is not known, and has no room. */
    private static double rounded(double value) {
        return new BigDecimal(value).round(new MathContext(3)).doubleValue();
    }
}
