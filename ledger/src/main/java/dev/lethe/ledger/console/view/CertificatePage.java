package dev.lethe.ledger.console.view;

import dev.lethe.ledger.certificate.Certificate;
import dev.lethe.ledger.certificate.Certificate.Claims;
import dev.lethe.ledger.certificate.Certificate.StoreClaim;
import dev.lethe.ledger.certificate.Certificate.TargetClaim;
import dev.lethe.ledger.request.RequestStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A certificate in plain words. */
public record CertificatePage(
        String id,
        String shortId,
        String statusWord,
        String headline,
        String tone,
        List<RequestPage.Fact> facts,
        List<Store> stores,
        List<String> limits,
        String issuer,
        String issuedAt,
        String checkpoint,
        int entries) {

    /** What became of it in one store. */
    public record Store(
            String name,
            Pill state,
            @Nullable String settled,
            @Nullable String remark,
            List<String> targets,
            List<String> makers) {}

    public static CertificatePage of(Certificate certificate) {
        Claims claims = certificate.claims();
        return new CertificatePage(
                claims.requestId().toString(),
                Words.shortId(claims.requestId()),
                word(claims),
                headline(claims),
                tone(claims),
                facts(claims),
                claims.stores().stream().map(CertificatePage::store).toList(),
                limits(claims),
                certificate.issuer(),
                Words.exact(certificate.issuedAt()),
                certificate.checkpoint(),
                certificate.evidence().size());
    }

    /** Where it is; with an ending, as a file. */
    public String path() {
        return RequestLine.path(id) + "/certificate";
    }

    private static String word(Claims claims) {
        String word = claims.status().word().replace('_', ' ');
        return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }

    private static String headline(Claims claims) {
        return switch (claims.status()) {
            case COMPLETED -> "Every store that Lethe is configured for has answered.";
            case CANCELLED -> "Nothing was erased: the identity provider still knew this user.";
            case PENDING, IN_PROGRESS -> "This erasure is not complete. The certificate shows how far it is.";
        };
    }

    private static String tone(Claims claims) {
        return claims.status() == RequestStatus.COMPLETED ? "good" : "warn";
    }

    private static List<RequestPage.Fact> facts(Claims claims) {
        var facts = new ArrayList<RequestPage.Fact>();
        facts.add(new RequestPage.Fact("Request", claims.requestId().toString(), true));
        facts.add(new RequestPage.Fact("Person, by pseudonym", claims.subjectKey().value(), true));
        if (claims.source() != null) {
            facts.add(new RequestPage.Fact("Asked for by", claims.source(), false));
        }
        facts.add(new RequestPage.Fact("Received", Words.exact(claims.requestedAt()), false));
        add(facts, "Due", claims.dueBy());
        add(facts, "Settled", claims.settledAt());
        facts.add(new RequestPage.Fact("Status", claims.status().word().replace('_', ' '), false));
        return facts;
    }

    private static void add(List<RequestPage.Fact> facts, String name, @Nullable Instant instant) {
        if (instant != null) {
            facts.add(new RequestPage.Fact(name, Words.exact(instant), false));
        }
    }

    private static Store store(StoreClaim claim) {
        String remark = claim.reason() != null ? "Given up, because: " + claim.reason() : claim.code();
        return new Store(
                claim.store(),
                Pill.of(claim.state()),
                claim.settledAt() == null ? null : Words.exact(claim.settledAt()),
                remark,
                claim.targets().stream().map(CertificatePage::target).toList(),
                claim.by().stream()
                        .map(maker -> "Lethe " + maker.version() + ", configuration " + maker.configuration())
                        .toList());
    }

    private static String target(TargetClaim target) {
        var parts = new ArrayList<String>();
        if (target.deleted() > 0 || (target.anonymized() == 0 && target.retained() == 0 && target.scheduled() == 0)) {
            parts.add(Words.number(target.deleted()) + " deleted");
        }
        if (target.anonymized() > 0) {
            parts.add(Words.number(target.anonymized()) + " made anonymous");
        }
        if (target.retained() > 0) {
            parts.add(Words.number(target.retained()) + " kept"
                    + (target.until() == null ? "" : " until " + Words.day(target.until()))
                    + (target.basis() == null ? "" : ", because of: " + target.basis()));
        }
        if (target.scheduled() > 0) {
            parts.add(Words.number(target.scheduled()) + " to be deleted"
                    + (target.until() == null ? "" : " by " + Words.day(target.until())));
        }
        return target.target() + ": " + String.join(", ", parts);
    }

    private static List<String> limits(Claims claims) {
        var limits = new ArrayList<String>();
        limits.add("That there is no other store with data of this person: it speaks of the stores that Lethe is configured for.");
        limits.add("That the stores told the truth: Lethe counts what a store says that it deleted, and reads back where it can.");
        limits.add("Anything about backups, which hold what they held until they expire. A store that is restored is replayed.");
        limits.add("Who the person is. Only the holder of the secret key can tell whose pseudonym this is.");
        if (claims.status() != RequestStatus.COMPLETED) {
            limits.add("That the erasure is complete: it is not.");
        }
        return limits;
    }
}
