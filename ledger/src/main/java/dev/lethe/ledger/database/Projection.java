package dev.lethe.ledger.database;

import dev.lethe.events.UnreadableRecordException;
import dev.lethe.ledger.journal.JournalCodec;
import dev.lethe.ledger.journal.JournalEntry;
import dev.lethe.ledger.journal.JournalEntry.Acted;
import dev.lethe.ledger.journal.JournalEntry.DeadLetterClosed;
import dev.lethe.ledger.journal.JournalEntry.DeadLettered;
import dev.lethe.ledger.journal.JournalEntry.Settled;
import dev.lethe.ledger.journal.JournalRecord;
import dev.lethe.ledger.keys.PublicKeys;
import dev.lethe.ledger.merkle.Checkpoint;
import dev.lethe.ledger.merkle.MerkleHash;
import dev.lethe.ledger.merkle.MerkleTree;
import dev.lethe.ledger.merkle.Tiles;
import dev.lethe.ledger.request.Account;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the journal into the database, a batch in a transaction: each entry becomes a leaf of the tree, once, and changes what follows from
 * it. The position in the journal changes in the same transaction, so that a record counts once whoever reads it, and how often.
 */
public final class Projection {
    private static final Logger log = LoggerFactory.getLogger(Projection.class);

    private final Jdbi jdbi;
    private final PublicKeys keys;
    private final String origin;

    /**
     * @param keys of which one has to have signed a checkpoint
     * @param origin the name of the log
     */
    public Projection(Jdbi jdbi, PublicKeys keys, String origin) {
        this.jdbi = jdbi;
        this.keys = keys;
        this.origin = origin;
    }

    /** How far it is. */
    public record Position(long nextOffset, long size) {}

    /** How far the database is: for whoever reads the journal, the offset to begin at. */
    public Position position() {
        return jdbi.withHandle(handle -> handle.createQuery("select next_offset, size from journal")
                .map((row, context) -> new Position(row.getLong("next_offset"), row.getLong("size")))
                .one());
    }

    /**
     * Takes records of the journal.
     *
     * @param begin the offset of the first of them
     * @param records in their order, but for those that {@linkplain JournalRecord#of are none}; what is in the database already is read over
     * @param end the offset behind the last of them
     * @throws JournalMismatchException if this is not the journal that the database was made from. Nothing is written then
     * @throws org.jdbi.v3.core.JdbiException if the database does not answer. Nothing is written then, or all of it
     */
    public void apply(long begin, List<JournalRecord> records, long end) throws JournalMismatchException, SQLException {
        try (Handle handle = jdbi.open()) {
            handle.begin();
            try {
                new Batch(handle).apply(begin, records, end);
                handle.commit();
            } finally {
                if (handle.isInTransaction()) {
                    handle.rollback();
                }
            }
        }
    }

    /** An entry that is new, at its place. */
    private record Fresh(long index, ByteBuffer hash, String content, JournalEntry entry) {}

    private final class Batch {
        private final Handle handle;
        private final Position before;
        private final Tiles tiles;
        private final List<Fresh> fresh = new ArrayList<>();

        Batch(Handle handle) {
            this.handle = handle;
            this.before = handle.createQuery("select next_offset, size from journal for update")
                    .map((row, context) -> new Position(row.getLong("next_offset"), row.getLong("size")))
                    .one();
            this.tiles = new Tiles(new DatabaseTiles(handle), before.size());
        }

        void apply(long begin, List<JournalRecord> records, long end) throws JournalMismatchException, SQLException {
            if (begin > before.nextOffset()) {
                throw new JournalMismatchException(
                        "TRUNCATED",
                        "the journal goes on at offset " + begin + ", and the database needs it from "
                                + before.nextOffset()
                                + " on. Was the database replaced while the ledger ran? Then start the ledger again."
                                + " Was the journal cut off? Its retention must be unlimited; restore it");
            }
            Map<ByteBuffer, JournalRecord> leaves = new LinkedHashMap<>();
            for (JournalRecord record : records) {
                if (!record.isCheckpoint()) {
                    leaves.putIfAbsent(ByteBuffer.wrap(MerkleHash.leaf(record.content())), record);
                }
            }
            Set<ByteBuffer> known = known(leaves.keySet());
            requireKnown(leaves, known);
            if (end <= before.nextOffset()) {
                return;
            }
            var checkpoints = new ArrayList<JournalRecord>();
            for (JournalRecord record : records) {
                if (record.offset() < before.nextOffset()) {
                    continue;
                }
                if (record.isCheckpoint()) {
                    checkpoints.add(record);
                } else {
                    append(record, known);
                }
            }
            write(checkpoints, end);
        }

        private void append(JournalRecord record, Set<ByteBuffer> known) throws JournalMismatchException {
            byte[] hash = MerkleHash.leaf(record.content());
            if (known.add(ByteBuffer.wrap(hash))) {
                fresh.add(new Fresh(tiles.size(), ByteBuffer.wrap(hash), record.content(), decoded(record)));
                tiles.append(hash);
            }
        }

        private void write(List<JournalRecord> checkpoints, long end) throws JournalMismatchException, SQLException {
            writeEntries();
            for (JournalRecord checkpoint : checkpoints) {
                write(checkpoint);
            }
            new DatabaseTiles(handle).write(tiles.changed());
            writeDeadLetters();
            writeActions();
            Map<UUID, List<JournalEntry>> touched = new LinkedHashMap<>();
            var tallies = new Tallies();
            for (Fresh leaf : fresh) {
                leaf.entry()
                        .request()
                        .ifPresent(id -> touched.computeIfAbsent(id, any -> new ArrayList<>())
                                .add(leaf.entry()));
                if (leaf.entry() instanceof Settled settled) {
                    tallies.items(settled.at(), Account.items(settled.outcome()));
                }
            }
            var callbacks = new CallbackRows();
            new Accounts(handle, tallies, callbacks).renew(touched, before.size());
            tallies.write(handle.getConnection());
            callbacks.write(handle.getConnection());
            handle.createUpdate("update journal set next_offset = :next, size = :size")
                    .bind("next", end)
                    .bind("size", tiles.size())
                    .execute();
        }

        /** What was read before has to be there: another journal under the same name would be read over without a word. */
        private void requireKnown(Map<ByteBuffer, JournalRecord> leaves, Set<ByteBuffer> known)
                throws JournalMismatchException {
            for (Map.Entry<ByteBuffer, JournalRecord> leaf : leaves.entrySet()) {
                if (leaf.getValue().offset() < before.nextOffset() && !known.contains(leaf.getKey())) {
                    throw new JournalMismatchException(
                            "FORKED",
                            "the journal has another entry at offset "
                                    + leaf.getValue().offset()
                                    + " than the one that this database was made from; find out which of them is"
                                    + " right");
                }
            }
        }

        private Set<ByteBuffer> known(Set<ByteBuffer> hashes) throws SQLException {
            var known = new HashSet<ByteBuffer>();
            byte[][] wanted = hashes.stream().map(ByteBuffer::array).toArray(byte[][]::new);
            try (var statement =
                    handle.getConnection().prepareStatement("select hash from entry where hash = any(?)")) {
                statement.setArray(1, handle.getConnection().createArrayOf("bytea", wanted));
                try (var rows = statement.executeQuery()) {
                    while (rows.next()) {
                        known.add(ByteBuffer.wrap(rows.getBytes(1)));
                    }
                }
            }
            return known;
        }

        private JournalEntry decoded(JournalRecord record) throws JournalMismatchException {
            try {
                return JournalCodec.decode(record.content());
            } catch (UnreadableRecordException e) {
                throw new JournalMismatchException(
                        e.reason().name(),
                        "the journal has an entry at offset " + record.offset()
                                + " that this version of Lethe can't read: start the newest version that ever wrote to"
                                + " it");
            }
        }

        private void writeEntries() throws SQLException {
            var columns = new Columns(6);
            for (Fresh leaf : fresh) {
                columns.add(
                        leaf.index(),
                        leaf.hash().array(),
                        leaf.entry().getClass().getSimpleName(),
                        leaf.entry().request().orElse(null),
                        leaf.entry().at(),
                        leaf.content());
            }
            columns.execute(
                    handle.getConnection(),
                    "insert into entry (index, hash, kind, request_id, at, content) select * from"
                            + " unnest(?::text[]::bigint[], ?::text[]::bytea[], ?::text[], ?::text[]::uuid[],"
                            + " ?::text[]::timestamptz[], ?::text[])");
        }

        private void write(JournalRecord record) throws JournalMismatchException {
            Checkpoint checkpoint;
            try {
                checkpoint = Checkpoint.open(record.content(), keys);
            } catch (IllegalArgumentException e) {
                log.warn(
                        "The checkpoint at offset {} of the journal is none of this ledger: {}",
                        record.offset(),
                        e.getMessage());
                return;
            }
            if (checkpoint.size() > tiles.size()
                    || !checkpoint.origin().equals(origin)
                    || !Arrays.equals(new MerkleTree(tiles).root(checkpoint.size()), checkpoint.root())) {
                throw new JournalMismatchException(
                        "FORKED",
                        "the journal contradicts the checkpoint at its offset " + record.offset()
                                + ", which this ledger signed: entries were changed, taken out or put in. Restore the"
                                + " journal");
            }
            handle.createUpdate("insert into checkpoint (size, root, note, at) values (:size, :root, :note, :at)"
                            + " on conflict (size) do nothing")
                    .bind("size", checkpoint.size())
                    .bind("root", checkpoint.root())
                    .bind("note", record.content())
                    .bind("at", record.at())
                    .execute();
        }

        private void writeDeadLetters() throws SQLException {
            Map<String, DeadLettered> open = new LinkedHashMap<>();
            var closed = new Columns(2);
            for (Fresh leaf : fresh) {
                if (leaf.entry() instanceof DeadLettered it) {
                    open.put(it.key(), it);
                } else if (leaf.entry() instanceof DeadLetterClosed it) {
                    DeadLettered letter = open.get(it.key());
                    if (letter == null) {
                        closed.add(it.key(), it.opened());
                    } else if (it.opened() == null || it.opened().equals(letter.at())) {
                        open.remove(it.key());
                        // It had replaced what the database may have.
                        closed.add(it.key(), null);
                    }
                }
            }
            closed.execute(
                    handle.getConnection(),
                    "delete from dead_letter d using unnest(?::text[], ?::text[]::timestamptz[]) as c (key, opened)"
                            + " where d.key = c.key and (c.opened is null or d.at = c.opened)");
            var opened = new Columns(7);
            open.forEach((key, it) ->
                    opened.add(key, it.requestId(), it.store(), it.code(), it.attempts(), it.firstFailedAt(), it.at()));
            opened.execute(
                    handle.getConnection(),
                    "insert into dead_letter (key, request_id, store, code, attempts, first_failed_at, at) select *"
                            + " from unnest(?::text[], ?::text[]::uuid[], ?::text[], ?::text[], ?::text[]::integer[],"
                            + " ?::text[]::timestamptz[], ?::text[]::timestamptz[]) on conflict (key) do update set"
                            + " request_id = excluded.request_id, store = excluded.store, code = excluded.code, attempts ="
                            + " excluded.attempts, first_failed_at = excluded.first_failed_at, at = excluded.at");
        }

        private void writeActions() throws SQLException {
            var columns = new Columns(7);
            for (Fresh leaf : fresh) {
                if (leaf.entry() instanceof Acted it) {
                    columns.add(
                            leaf.index(), it.at(), it.actor(), it.action(), it.requestId(), it.store(), it.reason());
                }
            }
            columns.execute(
                    handle.getConnection(),
                    "insert into action (index, at, actor, action, request_id, store, reason) select * from"
                            + " unnest(?::text[]::bigint[], ?::text[]::timestamptz[], ?::text[], ?::text[],"
                            + " ?::text[]::uuid[], ?::text[], ?::text[])");
        }
    }
}
