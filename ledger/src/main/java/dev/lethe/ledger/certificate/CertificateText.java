package dev.lethe.ledger.certificate;

import dev.lethe.events.Outcome.Maker;
import dev.lethe.ledger.certificate.Certificate.Claims;
import dev.lethe.ledger.certificate.Certificate.StoreClaim;
import dev.lethe.ledger.certificate.Certificate.TargetClaim;
import dev.lethe.ledger.journal.JournalEntry.Held;
import dev.lethe.ledger.request.RequestStatus;
import dev.lethe.ledger.request.StoreState;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A certificate in plain words, for whoever has to judge it: the same for a page, a PDF and a terminal.
 *
 * @param title what it is
 * @param summary what became of the request, in a few sentences
 * @param blocks all of it
 * @param unproven what it does not prove, a sentence each
 */
public record CertificateText(String title, List<String> summary, List<Block> blocks, List<String> unproven) {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "d MMMM uuuu, HH:mm:ss 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    /** A part of the text. */
    public sealed interface Block {
        record Heading(String text) implements Block {}

        record Paragraph(String text) implements Block {}

        /** Names and values, a line each. */
        record Facts(List<Fact> facts) implements Block {}

        record Table(List<String> heading, List<List<String>> rows) implements Block {}

        record Bullets(List<String> items) implements Block {}
    }

    /** A name and its value. */
    public record Fact(String name, String value) {}

    public CertificateText {
        summary = List.copyOf(summary);
        blocks = List.copyOf(blocks);
        unproven = List.copyOf(unproven);
    }

    public static CertificateText of(Certificate certificate) {
        Claims claims = certificate.claims();
        List<String> summary = summary(claims);
        List<String> unproven = unproven(claims);
        var blocks = new ArrayList<Block>();
        summary.forEach(sentence -> blocks.add(new Block.Paragraph(sentence)));
        blocks.add(new Block.Heading("The request"));
        blocks.add(new Block.Facts(request(certificate)));
        claims.stores().forEach(store -> blocks.addAll(store(store)));
        blocks.add(new Block.Heading("How to check this"));
        blocks.add(new Block.Paragraph(
                "This page is a rendering. What counts is the certificate file that it was made from, and which its"
                        + " issuer signed. Whoever has that file and the issuer's public key can check it without asking"
                        + " anybody: lethe certificate verify FILE --key PUBLIC-KEY."));
        blocks.add(new Block.Paragraph(
                ("The file shows %d entries of the issuer's log. Each entry is where the log's checkpoint says, a hash"
                                + " over all of the log's entries: to change, remove or add an entry afterwards, the issuer would"
                                + " have to contradict a checkpoint that it signed.")
                        .formatted(certificate.evidence().size())));
        blocks.add(new Block.Heading("What this does not prove"));
        blocks.add(new Block.Bullets(unproven));
        return new CertificateText("Certificate of erasure", summary, blocks, unproven);
    }

    private static List<String> summary(Claims claims) {
        var summary = new ArrayList<String>();
        summary.add(
                switch (claims.status()) {
                    case COMPLETED ->
                        claims.stores().stream().anyMatch(store -> store.state() == StoreState.GIVEN_UP)
                                ? "The request is closed, but the person was not erased everywhere: in a store named"
                                        + " below, a human decided to give it up."
                                : "The request is completed: every store that it concerns reports that nothing of the"
                                        + " person is left, or only what is kept for the reason named below.";
                    case CANCELLED ->
                        "The request was cancelled, and nothing was erased: "
                                + (Held.isSource(claims.source())
                                        ? "whoever had asked for it withdrew it before it began."
                                        : "the identity provider still knew the user.");
                    case PENDING -> "The request was received. No store has answered yet.";
                    case IN_PROGRESS ->
                        "The request is not completed: some stores named below have not erased the person.";
                });
        Instant due = claims.dueBy();
        Instant settled = claims.settledAt();
        if (due != null && settled != null && claims.status() == RequestStatus.COMPLETED) {
            summary.add(
                    settled.isAfter(due)
                            ? "It was completed after its due date."
                            : "It was completed before its due date, " + days(claims.requestedAt(), settled)
                                    + " after it was received.");
        }
        for (StoreClaim store : claims.stores()) {
            summary.add("Store " + store.store() + ": " + words(store) + ".");
        }
        return summary;
    }

    private static String words(StoreClaim store) {
        return switch (store.state()) {
            case WAITING -> "no answer yet";
            case ERASED ->
                store.items() == 0
                        ? "asked, and held nothing of the person"
                        : items(store.items()) + " deleted or made anonymous; nothing is left";
            case RETAINED -> items(store.items()) + " deleted or made anonymous; something is kept for a reason";
            case SCHEDULED -> "has taken it over, and deletes later by itself";
            case FAILED ->
                "NOT erased (" + Objects.requireNonNullElse(store.code(), "unknown") + "); a human has to decide";
            case GIVEN_UP ->
                "NOT erased; given up by a human"
                        + (store.reason() == null ? "" : ", who said: \u201c" + store.reason() + "\u201d");
        };
    }

    private static List<Fact> request(Certificate certificate) {
        Claims claims = certificate.claims();
        var facts = new ArrayList<Fact>();
        facts.add(new Fact("Request", claims.requestId().toString()));
        facts.add(new Fact("Person (pseudonym)", claims.subjectKey().value()));
        facts.add(new Fact("Status", claims.status().word().replace('_', ' ')));
        facts.add(new Fact("Asked for by", Objects.requireNonNullElse(claims.source(), "not known")));
        facts.add(new Fact("Received", date(claims.requestedAt())));
        facts.add(new Fact("Due", date(claims.dueBy())));
        facts.add(new Fact(
                claims.status() == RequestStatus.CANCELLED ? "Cancelled" : "Completed", date(claims.settledAt())));
        facts.add(new Fact("Certificate issued", date(certificate.issuedAt())));
        facts.add(new Fact("Issuer's log", certificate.issuer()));
        facts.add(new Fact("Made by", "Lethe " + certificate.lethe()));
        return facts;
    }

    private static List<Block> store(StoreClaim store) {
        var blocks = new ArrayList<Block>();
        blocks.add(new Block.Heading("Store " + store.store()));
        var facts = new ArrayList<Fact>();
        facts.add(new Fact("Result", words(store)));
        facts.add(new Fact("Settled", date(store.settledAt())));
        facts.add(new Fact("Last answer", date(store.lastAt())));
        for (Maker maker : store.by()) {
            facts.add(new Fact("Done by", "Lethe " + maker.version() + ", configuration " + maker.configuration()));
        }
        blocks.add(new Block.Facts(facts));
        if (!store.targets().isEmpty()) {
            blocks.add(new Block.Table(
                    List.of("Target", "Deleted", "Made anonymous", "Kept", "Kept why and until when"),
                    store.targets().stream().map(CertificateText::row).toList()));
        }
        return blocks;
    }

    private static List<String> row(TargetClaim target) {
        String kept = target.scheduled() > 0 ? "deleted by the store itself" : "";
        String why = target.retained() > 0 ? Objects.requireNonNullElse(target.basis(), "") : kept;
        return List.of(
                target.target(),
                Long.toString(target.deleted()),
                Long.toString(target.anonymized()),
                Long.toString(target.retained() + target.scheduled()),
                target.until() == null || target.retained() + target.scheduled() == 0
                        ? why
                        : why + ", until " + date(target.until()));
    }

    private static List<String> unproven(Claims claims) {
        var unproven = new ArrayList<String>(List.of(
                "That the stores are all there are. The certificate is about the stores named in it, and in each about"
                        + " what was configured to be erased; the configuration's hash says which configuration that was.",
                "That a store told the truth. It records what the issuer's own workers observed; nobody else watched"
                        + " them.",
                "Who the person is. The pseudonym stands for the user id and tenant, and only the issuer, who has the"
                        + " secret behind it, can tell to whom it belongs.",
                "That nothing was written again afterwards, beyond what a later check named here found.",
                "That backups hold nothing. A backup made before the erasure still has the data until it expires or"
                        + " the request is replayed on it.",
                "That the issuer showed every entry about the request. Who holds the signing key could leave one out;"
                        + " it would still be in the log, where an auditor who reads all of it finds it.",
                "When exactly something happened. The instants are those of the issuer's own clocks."));
        if (claims.stores().isEmpty()) {
            unproven.removeFirst();
        }
        return unproven;
    }

    private static String items(long items) {
        return items == 1 ? "1 item" : items + " items";
    }

    private static String days(Instant from, Instant to) {
        long days = ChronoUnit.DAYS.between(from, to);
        return days == 0 ? "less than a day" : days == 1 ? "1 day" : days + " days";
    }

    private static String date(@Nullable Instant instant) {
        return instant == null ? "not yet" : DATE.format(instant);
    }
}
