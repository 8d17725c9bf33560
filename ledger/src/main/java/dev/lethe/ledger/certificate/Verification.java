package dev.lethe.ledger.certificate;

import dev.lethe.events.UnreadableRecordException;
import dev.lethe.ledger.certificate.Certificate.Claims;
import dev.lethe.ledger.certificate.Certificate.Evidence;
import dev.lethe.ledger.journal.JournalCodec;
import dev.lethe.ledger.journal.JournalEntry;
import dev.lethe.ledger.keys.PublicKeys;
import dev.lethe.ledger.merkle.Checkpoint;
import dev.lethe.ledger.merkle.MerkleHash;
import dev.lethe.ledger.merkle.Proofs;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks a certificate with nothing but the file and the issuer's public key.
 *
 * @param certificate what was checked, and stands
 * @param checked what was found to be so, a sentence each
 */
public record Verification(Certificate certificate, List<String> checked) {
    public Verification {
        checked = List.copyOf(checked);
    }

    /**
     * @param file byte for byte
     * @param since an earlier checkpoint of the log, or an earlier certificate of the same issuer; empty for none
     * @throws RefusedException if anything is not as it has to be
     */
    public static Verification of(byte[] file, PublicKeys keys, Optional<String> since) throws RefusedException {
        Certificate certificate = CertificateFile.open(file, keys);
        var checked = new ArrayList<String>();
        checked.add("The certificate was signed with the key " + keys.id()
                + " or one before it, and not a byte of the file was" + " changed since.");
        Checkpoint checkpoint = checkpoint(certificate.checkpoint(), keys);
        if (!checkpoint.origin().equals(certificate.issuer())) {
            throw new RefusedException("The checkpoint is one of another log than the certificate's issuer.");
        }
        List<JournalEntry> entries = entries(certificate, checkpoint);
        checked.add(
                "Each of the %d entries about the request is in the log %s, at its place, as the checkpoint over %d entries shows."
                        .formatted(entries.size(), checkpoint.origin(), checkpoint.size()));
        Claims claims =
                ClaimsOf.entries(certificate.claims().requestId(), entries).orElse(null);
        if (!certificate.claims().equals(claims)) {
            throw new RefusedException(
                    "What the certificate says does not follow from the entries of the log that it shows.");
        }
        checked.add("What the certificate says (status, dates, every store, every count) follows from those entries"
                + " alone.");
        if (since.isPresent()) {
            checked.add(consistency(certificate, checkpoint, earlier(since.get(), keys), keys));
        }
        return new Verification(certificate, checked);
    }

    private static List<JournalEntry> entries(Certificate certificate, Checkpoint checkpoint) throws RefusedException {
        var entries = new ArrayList<JournalEntry>();
        long before = -1;
        for (Evidence evidence : certificate.evidence()) {
            if (evidence.index() <= before) {
                throw new RefusedException("The entries of the log are not in their order.");
            }
            before = evidence.index();
            if (!Proofs.isIncluded(
                    MerkleHash.leaf(evidence.entry()),
                    evidence.index(),
                    checkpoint.size(),
                    path(evidence.path()),
                    checkpoint.root())) {
                throw new RefusedException(
                        "An entry that the certificate rests on is not in the log that the checkpoint stands for:"
                                + " it was changed, or the log was.");
            }
            entries.add(entry(evidence.entry(), certificate));
        }
        return entries;
    }

    private static JournalEntry entry(String content, Certificate certificate) throws RefusedException {
        try {
            JournalEntry entry = JournalCodec.decode(content);
            if (!entry.request().equals(Optional.of(certificate.claims().requestId()))) {
                throw new RefusedException("An entry that the certificate rests on is about another request.");
            }
            return entry;
        } catch (UnreadableRecordException e) {
            throw new RefusedException(
                    "An entry that the certificate rests on can't be read by this version of Lethe.");
        }
    }

    private static String consistency(
            Certificate certificate, Checkpoint checkpoint, Checkpoint earlier, PublicKeys keys)
            throws RefusedException {
        if (!earlier.origin().equals(checkpoint.origin())) {
            throw new RefusedException("The earlier checkpoint is one of another log.");
        }
        if (earlier.size() > checkpoint.size()) {
            throw new RefusedException(
                    "The earlier checkpoint stands for more entries than the certificate's: either it is the"
                            + " later one, or the log was cut off.");
        }
        Certificate.@Nullable Since since = certificate.since();
        List<byte[]> path = List.of();
        if (earlier.size() < checkpoint.size()) {
            if (since == null || !checkpoint(since.checkpoint(), keys).equals(earlier)) {
                if (since != null && checkpoint(since.checkpoint(), keys).size() == earlier.size()) {
                    throw forked();
                }
                throw new RefusedException(
                        "The certificate has no proof from the earlier checkpoint on. Ask the issuer for one:"
                                + " lethe certificate issue REQUEST --since CHECKPOINT.");
            }
            path = path(since.path());
        }
        if (!Proofs.isConsistent(earlier.size(), earlier.root(), checkpoint.size(), checkpoint.root(), path)) {
            throw forked();
        }
        return "The log still begins with all of the %d entries that the earlier checkpoint stands for: none was changed, taken out or"
                        .formatted(earlier.size())
                + " put in between.";
    }

    private static RefusedException forked() {
        return new RefusedException("The log was forked: it is not the one that the earlier checkpoint stands for.");
    }

    private static Checkpoint earlier(String text, PublicKeys keys) throws RefusedException {
        return text.stripLeading().startsWith("{")
                ? checkpoint(
                        CertificateFile.open(text.getBytes(StandardCharsets.UTF_8), keys)
                                .checkpoint(),
                        keys)
                : checkpoint(text, keys);
    }

    private static Checkpoint checkpoint(String note, PublicKeys keys) throws RefusedException {
        try {
            return Checkpoint.open(note, keys);
        } catch (IllegalArgumentException e) {
            throw new RefusedException("The checkpoint does not stand: " + e.getMessage() + ".");
        }
    }

    private static List<byte[]> path(List<String> base64) throws RefusedException {
        try {
            return Checkpoint.hashes(base64);
        } catch (IllegalArgumentException e) {
            throw new RefusedException("A proof in the certificate is no list of hashes.");
        }
    }
}
