package dev.lethe.ledger.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lethe.events.Outcome;
import dev.lethe.events.Outcome.Status;
import dev.lethe.events.Outcome.TargetOutcome;
import dev.lethe.ledger.Histories;
import dev.lethe.ledger.certificate.CertificateText.Block;
import dev.lethe.ledger.journal.JournalEntry;
import dev.lethe.ledger.journal.JournalEntry.Held;
import dev.lethe.ledger.journal.JournalEntry.Requested;
import dev.lethe.ledger.journal.JournalEntry.Settled;
import dev.lethe.ledger.journal.JournalEntry.Withdrawn;
import dev.lethe.ledger.keys.LedgerKeys;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.commons.text.StringEscapeUtils;
import org.junit.jupiter.api.Test;
import org.openpdf.text.pdf.PdfDictionary;
import org.openpdf.text.pdf.PdfName;
import org.openpdf.text.pdf.PdfReader;
import org.openpdf.text.pdf.parser.PdfTextExtractor;

class CertificateTextTest {
    private static final Instant AT = Histories.START;

    @Test
    void saysWhatBecameOfTheRequestAndWhatThatDoesNotProve() {
        CertificateText text = CertificateText.of(certificate(
                settled("newsletter", Status.NOT_FOUND),
                settled("sessions", Status.ERASED),
                settled("shop-db", Status.RETAINED)));

        assertThat(text.summary()).first().asString().startsWith("The request is completed");
        assertThat(text.summary())
                .contains(
                        "Store newsletter: asked, and held nothing of the person.",
                        "Store sessions: 6 items deleted or made anonymous; nothing is left.",
                        "Store shop-db: 2 items deleted or made anonymous; something is kept for a reason.");
        assertThat(text.unproven()).anyMatch(line -> line.startsWith("That backups hold nothing."));
    }

    @Test
    void doesNotCallErasedWhatAHumanGaveUp() {
        Outcome discarded = new Outcome(
                Histories.requestId(5),
                Histories.subject(5),
                "sessions",
                Outcome.ERASE,
                AT.plusSeconds(90),
                3,
                Status.FAILED,
                Outcome.DISCARDED,
                "closed <for good> & forgotten",
                List.of(),
                null);
        CertificateText text = CertificateText.of(certificate(
                settled("newsletter", Status.ERASED), new Settled(discarded), settled("shop-db", Status.ERASED)));

        assertThat(text.summary().getFirst()).contains("the person was not erased everywhere");
        assertThat(text.summary())
                .contains("Store sessions: NOT erased; given up by a human, who said: \u201cclosed <for good> &"
                        + " forgotten\u201d.");
        assertThat(CertificateHtml.page(text))
                .contains("closed &lt;for good&gt; &amp; forgotten")
                .doesNotContain("<for good>", "<script", "http://", "https://");
    }

    @Test
    void thePdfSaysWhatThePageSays() throws Exception {
        CertificateText text = CertificateText.of(certificate(
                settled("newsletter", Status.NOT_FOUND),
                settled("sessions", Status.ERASED),
                settled("shop-db", Status.RETAINED)));
        String page =
                StringEscapeUtils.unescapeHtml4(CertificateHtml.content(text).replaceAll("<[^>]*>", " "));

        String pdf = text(CertificatePdf.document(text));

        assertThat(page.strip().split("\\s+"))
                .hasSizeGreaterThan(200)
                .allSatisfy(word -> assertThat(pdf).contains(word));
        assertThat(text.blocks().stream()
                        .filter(Block.Paragraph.class::isInstance)
                        .map(block -> ((Block.Paragraph) block).text()))
                .isNotEmpty()
                .allSatisfy(paragraph -> assertThat(pdf).contains(paragraph.replaceAll("\\s+", "")));
        assertThat(text.unproven())
                .isNotEmpty()
                .allSatisfy(sentence -> assertThat(pdf).contains(sentence.replaceAll("\\s+", "")));
    }

    @Test
    void aPdfWithManyTargetsHasThemAllOnItsPages() throws Exception {
        List<TargetOutcome> targets = IntStream.range(0, 200)
                .mapToObj(number -> TargetOutcome.deleted("table_" + number + "_", number))
                .toList();
        byte[] pdf = CertificatePdf.document(CertificateText.of(certificate(erased(targets))));

        try (var reader = new PdfReader(pdf)) {
            assertThat(reader.getNumberOfPages()).isGreaterThan(3);
        }
        assertThat(text(pdf)).contains("table_0_", "table_99_", "table_199_").contains("Whatthisdoesnotprove");
    }

    @Test
    void aPdfNeedsNoFontsOfWhoeverReadsIt() throws Exception {
        byte[] pdf = CertificatePdf.document(CertificateText.of(certificate(settled("sessions", Status.ERASED))));

        var fonts = new ArrayList<String>();
        try (var reader = new PdfReader(pdf)) {
            for (int number = 1; number < reader.getXrefSize(); number++) {
                if (reader.getPdfObject(number) instanceof PdfDictionary font
                        && PdfName.FONT.equals(font.get(PdfName.TYPE))
                        && !PdfName.TYPE0.equals(font.get(PdfName.SUBTYPE))) {
                    PdfDictionary descriptor = font.getAsDict(PdfName.FONTDESCRIPTOR);
                    assertThat(descriptor)
                            .as("%s is in the file", font.get(PdfName.BASEFONT))
                            .isNotNull();
                    assertThat(descriptor.get(PdfName.FONTFILE2)).isNotNull();
                    fonts.add(String.valueOf(font.get(PdfName.BASEFONT)));
                }
            }
        }
        assertThat(fonts).isNotEmpty().allMatch(font -> font.contains("LiberationSans"));
    }

    @Test
    void whatTheFontOfThePdfDoesNotHaveIsNotLeftOut() throws Exception {
        CertificateText text = CertificateText.of(
                certificate(erased(List.of(TargetOutcome.deleted("Kundenz\u00e4hler \u0141 \u9867 \ud83d\ude00", 1)))));

        assertThat(text(CertificatePdf.document(text))).contains("Kundenz\u00e4hler\u0141U+9867U+1F600");
        assertThat(StringEscapeUtils.unescapeHtml4(CertificateHtml.page(text)))
                .contains("Kundenz\u00e4hler \u0141 \u9867 \ud83d\ude00");
    }

    /** Without blanks, since lines are broken elsewhere. */
    private static String text(byte[] pdf) throws IOException {
        var text = new StringBuilder();
        try (var reader = new PdfReader(pdf)) {
            for (int page = 1; page <= reader.getNumberOfPages(); page++) {
                text.append(new PdfTextExtractor(reader).getTextFromPage(page));
            }
        }
        return text.toString().replaceAll("\\s+", "");
    }

    private static Settled erased(List<TargetOutcome> targets) {
        return new Settled(new Outcome(
                Histories.requestId(5),
                Histories.subject(5),
                "sessions",
                Outcome.ERASE,
                AT.plusSeconds(60),
                1,
                Status.ERASED,
                null,
                targets));
    }

    @Test
    void saysThatARequestWasWithdrawnByWhoeverHadAskedForIt() {
        var held = new Held(
                Histories.requestId(5),
                Histories.subject(5),
                AT,
                AT,
                AT.plus(Duration.ofDays(30)),
                "opendsr.acme",
                "erasure.gdpr",
                Histories.requestId(6),
                AT.plusSeconds(3600),
                List.of());
        var withdrawn = new Withdrawn(Histories.requestId(5), AT.plusSeconds(60), "opendsr.acme");

        CertificateText text = CertificateText.of(new MemoryLog(List.of(held, withdrawn), LedgerKeys.create())
                .issue(Histories.requestId(5), Optional.empty())
                .certificate());

        assertThat(text.summary())
                .containsExactly(
                        "The request was cancelled, and nothing was erased: whoever had asked for it withdrew it"
                                + " before it began.");
    }

    private static Certificate certificate(JournalEntry... outcomes) {
        var requested = new Requested(
                Histories.requestId(5),
                Histories.subject(5),
                AT,
                AT,
                AT.plus(Duration.ofDays(30)),
                "fusionauth",
                "user.delete",
                Histories.STORES);
        var entries = new ArrayList<JournalEntry>(List.of(requested));
        entries.addAll(List.of(outcomes));
        return new MemoryLog(entries, LedgerKeys.create())
                .issue(Histories.requestId(5), Optional.empty())
                .certificate();
    }

    private static Settled settled(String store, Status status) {
        return new Settled(Histories.outcome(5, store, Outcome.ERASE, AT.plusSeconds(60), status));
    }
}
