package dev.lethe.ledger.certificate;

import dev.lethe.ledger.database.DatabaseTiles;
import dev.lethe.ledger.journal.Leaf;
import dev.lethe.ledger.keys.LedgerKeys;
import dev.lethe.ledger.merkle.MerkleTree;
import dev.lethe.ledger.merkle.Tiles;
import dev.lethe.ledger.request.Requests;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/** Makes certificates from the ledger's database. Every method throws {@link org.jdbi.v3.core.JdbiException} if that does not answer. Safe for any thread. */
public final class Certificates {
    private final Jdbi jdbi;
    private final Issuer issuer;

    /** @param origin the name of the log */
    public Certificates(Jdbi jdbi, LedgerKeys keys, String origin, InstantSource clock) {
        this.jdbi = jdbi;
        this.issuer = new Issuer(keys, origin, clock);
    }

    /**
     * A certificate of what became of a request so far.
     *
     * @param since an earlier checkpoint of this log, signed by it, for the proof that nothing was changed since; empty for none
     */
    public Answer issue(UUID requestId, Optional<String> since) {
        return jdbi.inTransaction(TransactionIsolationLevel.REPEATABLE_READ, handle -> issue(handle, requestId, since));
    }

    /** The last checkpoint, as a signed note, for whoever wants to keep it; empty if there is none yet. */
    public Optional<String> checkpoint() {
        return jdbi.withHandle(Certificates::lastCheckpoint);
    }

    /**
     * The checkpoint that a text is, or that a certificate rests on; unchecked.
     *
     * @throws RefusedException if it is neither
     */
    public static String checkpointOf(String text) throws RefusedException {
        return text.startsWith("{")
                ? CertificateFile.read(text.getBytes(StandardCharsets.UTF_8)).checkpoint()
                : text;
    }

    private Answer issue(Handle handle, UUID requestId, Optional<String> since) {
        List<Leaf> leaves = Requests.timeline(handle, requestId);
        return lastCheckpoint(handle)
                .map(note -> issuer.issue(
                        requestId,
                        leaves,
                        note,
                        size -> new MerkleTree(new Tiles(new DatabaseTiles(handle), size)),
                        since))
                .orElseGet(() -> leaves.isEmpty() ? new Answer.Unknown() : new Answer.TooSoon());
    }

    private static Optional<String> lastCheckpoint(Handle handle) {
        return handle.createQuery("select note from checkpoint order by size desc limit 1")
                .mapTo(String.class)
                .findOne();
    }
}
