package dev.lethe.ledger.console.view;

import dev.lethe.ledger.certificate.Certificate;
import dev.lethe.ledger.certificate.CertificateText;
import dev.lethe.ledger.certificate.CertificateText.Block;
import dev.lethe.ledger.certificate.CertificateText.Fact;
import dev.lethe.ledger.request.RequestStatus;
import dev.lethe.ledger.request.StoreState;
import java.util.List;

/** A certificate, in the words that it has on paper, too. */
public record CertificatePage(String id, String shortId, Pill status, String title, List<Part> parts) {

    /** A part of the text; of its lists one at most is not empty. */
    public record Part(
            String heading,
            String paragraph,
            List<Fact> facts,
            List<String> columns,
            List<List<String>> rows,
            List<String> bullets) {
        static Part of(Block block) {
            return switch (block) {
                case Block.Heading it -> new Part(it.text(), "", List.of(), List.of(), List.of(), List.of());
                case Block.Paragraph it -> new Part("", it.text(), List.of(), List.of(), List.of(), List.of());
                case Block.Facts it -> new Part("", "", it.facts(), List.of(), List.of(), List.of());
                case Block.Table it -> new Part("", "", List.of(), it.heading(), it.rows(), List.of());
                case Block.Bullets it -> new Part("", "", List.of(), List.of(), List.of(), it.items());
            };
        }
    }

    public static CertificatePage of(Certificate certificate) {
        CertificateText text = CertificateText.of(certificate);
        return new CertificatePage(
                certificate.claims().requestId().toString(),
                Words.shortId(certificate.claims().requestId()),
                status(certificate.claims()),
                text.title(),
                text.blocks().stream().map(Part::of).toList());
    }

    private static Pill status(Certificate.Claims claims) {
        boolean givenUp = claims.stores().stream().anyMatch(store -> store.state() == StoreState.GIVEN_UP);
        String word = claims.status().word().replace('_', ' ');
        return new Pill(
                claims.status() == RequestStatus.COMPLETED && !givenUp ? "good" : "warn",
                Character.toUpperCase(word.charAt(0)) + word.substring(1));
    }

    /** Where it is; with an ending, as a file. */
    public String path() {
        return RequestLine.path(id) + "/certificate";
    }
}
