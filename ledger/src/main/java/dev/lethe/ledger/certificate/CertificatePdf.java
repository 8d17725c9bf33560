package dev.lethe.ledger.certificate;

import dev.lethe.ledger.certificate.CertificateText.Block;
import dev.lethe.ledger.certificate.CertificateText.Fact;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.openpdf.text.Chunk;
import org.openpdf.text.Document;
import org.openpdf.text.Element;
import org.openpdf.text.Font;
import org.openpdf.text.ListItem;
import org.openpdf.text.PageSize;
import org.openpdf.text.Paragraph;
import org.openpdf.text.Phrase;
import org.openpdf.text.pdf.BaseFont;
import org.openpdf.text.pdf.PdfPCell;
import org.openpdf.text.pdf.PdfPTable;
import org.openpdf.text.pdf.PdfWriter;

/** A certificate as PDF, with its font in it. A character that the font does not have is written as {@code U+1F600}, and never left out. */
public final class CertificatePdf {
    private static final float MARGIN = 56;
    private static final String FONT = "/font-fallback/LiberationSans-Regular.ttf";
    private static final BaseFont BASE = font();
    private static final Font PLAIN = new Font(BASE, 10);
    private static final Font STRONG = new Font(BASE, 12, Font.BOLD);
    private static final Font LARGE = new Font(BASE, 18, Font.BOLD);

    private CertificatePdf() {}

    public static byte[] document(CertificateText text) {
        var bytes = new ByteArrayOutputStream();
        var document = new Document(PageSize.A4, MARGIN, MARGIN, MARGIN, MARGIN);
        PdfWriter.getInstance(document, bytes);
        document.addTitle(text.title());
        document.addCreator("Lethe");
        document.open();
        var title = new Paragraph(shown(text.title()), LARGE);
        title.setSpacingAfter(10);
        document.add(title);
        text.blocks().forEach(block -> document.add(element(block)));
        document.close();
        return bytes.toByteArray();
    }

    private static Element element(Block block) {
        return switch (block) {
            case Block.Heading it -> {
                var heading = new Paragraph(shown(it.text()), STRONG);
                heading.setSpacingBefore(12);
                heading.setSpacingAfter(4);
                heading.setKeepTogether(true);
                yield heading;
            }
            case Block.Paragraph it -> {
                var paragraph = new Paragraph(shown(it.text()), PLAIN);
                paragraph.setSpacingAfter(4);
                yield paragraph;
            }
            case Block.Facts it -> facts(it.facts());
            case Block.Table it -> table(it);
            case Block.Bullets it -> {
                var list = new org.openpdf.text.List(org.openpdf.text.List.UNORDERED, 12);
                list.setListSymbol(new Chunk("\u2022", PLAIN));
                it.items().forEach(item -> list.add(new ListItem(shown(item), PLAIN)));
                yield list;
            }
        };
    }

    private static PdfPTable facts(List<Fact> facts) {
        var table = new PdfPTable(new float[] {3, 9});
        table.setWidthPercentage(100);
        for (Fact fact : facts) {
            table.addCell(cell(fact.name(), 0));
            table.addCell(cell(fact.value(), 0));
        }
        return table;
    }

    private static PdfPTable table(Block.Table content) {
        var table = new PdfPTable(content.heading().size());
        table.setWidthPercentage(100);
        table.setSpacingBefore(6);
        table.setHeaderRows(1);
        content.heading().forEach(text -> table.addCell(cell(text, 0.5f)));
        content.rows().forEach(row -> row.forEach(text -> table.addCell(cell(text, 0.5f))));
        return table;
    }

    private static PdfPCell cell(String text, float border) {
        var cell = new PdfPCell(new Phrase(shown(text), PLAIN));
        cell.setBorderWidth(border);
        cell.setPadding(3);
        return cell;
    }

    private static String shown(String text) {
        return text.codePoints()
                .mapToObj(character -> Character.isWhitespace(character) || BASE.charExists(character)
                        ? Character.toString(character)
                        : "U+%04X".formatted(character))
                .collect(Collectors.joining());
    }

    private static BaseFont font() {
        try (InputStream file = Objects.requireNonNull(PdfWriter.class.getResourceAsStream(FONT), FONT)) {
            return BaseFont.createFont(
                    "LiberationSans-Regular.ttf",
                    BaseFont.IDENTITY_H,
                    BaseFont.EMBEDDED,
                    true,
                    file.readAllBytes(),
                    null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
