package dev.lethe.ledger.certificate;

import dev.lethe.cli.Lethe;
import dev.lethe.ledger.certificate.Certificate.Claims;
import dev.lethe.ledger.certificate.Certificate.Evidence;
import dev.lethe.ledger.certificate.Certificate.Since;
import dev.lethe.ledger.journal.JournalEntry;
import dev.lethe.ledger.journal.JournalEntry.Acted;
import dev.lethe.ledger.journal.Leaf;
import dev.lethe.ledger.keys.LedgerKeys;
import dev.lethe.ledger.merkle.Checkpoint;
import dev.lethe.ledger.merkle.MerkleTree;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Makes certificates from what it is given. */
record Issuer(LedgerKeys keys, String origin, InstantSource clock) {
    /**
     * @param timeline all entries about the request, in their order
     * @param note the checkpoint to rest on
     * @param trees the log's tree of a size
     * @param since an earlier checkpoint
     */
    Answer issue(
            UUID requestId, List<Leaf> timeline, String note, LongFunction<MerkleTree> trees, Optional<String> since) {
        List<Leaf> leaves = timeline.stream()
                // What people did is the ledger's business, and names them.
                .filter(leaf -> !(leaf.entry() instanceof Acted))
                .toList();
        List<JournalEntry> entries = leaves.stream().map(Leaf::entry).toList();
        Optional<Claims> claims = ClaimsOf.entries(requestId, entries);
        if (claims.isEmpty()) {
            return new Answer.Unknown();
        }
        Checkpoint checkpoint = Checkpoint.open(note, keys.publicKeys());
        if (checkpoint.size() <= leaves.getLast().index()) {
            return new Answer.TooSoon();
        }
        MerkleTree tree = trees.apply(checkpoint.size());
        Since proof = null;
        if (since.isPresent()) {
            proof = proof(since.get(), checkpoint, tree);
            if (proof == null) {
                return new Answer.Forked();
            }
        }
        var certificate = new Certificate(
                Certificate.VERSION,
                origin,
                clock.instant().truncatedTo(ChronoUnit.SECONDS),
                Lethe.version(),
                claims.get(),
                leaves.stream()
                        .map(leaf -> new Evidence(
                                leaf.index(),
                                leaf.content(),
                                Checkpoint.texts(tree.inclusion(leaf.index(), checkpoint.size()))))
                        .toList(),
                note,
                proof);
        return new Answer.Issued(CertificateFile.sign(certificate, keys), certificate);
    }

    /** Null if the log was never what the earlier checkpoint says. */
    private @Nullable Since proof(String since, Checkpoint checkpoint, MerkleTree tree) {
        Checkpoint earlier = Checkpoint.open(since, keys.publicKeys());
        return earlier.size() > checkpoint.size() || !Arrays.equals(earlier.root(), tree.root(earlier.size()))
                ? null
                : new Since(since, Checkpoint.texts(tree.consistency(earlier.size(), checkpoint.size())));
    }
}
