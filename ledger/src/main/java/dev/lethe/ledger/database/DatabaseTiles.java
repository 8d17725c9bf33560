package dev.lethe.ledger.database;

import dev.lethe.ledger.merkle.Tile;
import dev.lethe.ledger.merkle.Tiles;
import java.sql.SQLException;
import java.util.Collection;
import org.jdbi.v3.core.Handle;

/** The tree's tiles in the database, within one transaction. */
public final class DatabaseTiles implements Tiles.Source {
    private final Handle handle;

    public DatabaseTiles(Handle handle) {
        this.handle = handle;
    }

    @Override
    public Tile tile(int level, long index) {
        return handle.createQuery("select hashes from tile where level = :level and index = :index")
                .bind("level", level)
                .bind("index", index)
                .map((row, context) -> new Tile(level, index, row.getBytes("hashes")))
                .findOne()
                .orElseThrow(() -> new IllegalStateException("tile " + level + "/" + index
                        + " is missing in the database; make the database new from the journal"));
    }

    void write(Collection<Tile> tiles) throws SQLException {
        var columns = new Columns(3);
        tiles.forEach(tile -> columns.add(tile.level(), tile.index(), tile.hashes()));
        columns.execute(
                handle.getConnection(),
                "insert into tile (level, index, hashes)"
                        + " select * from unnest(?::text[]::smallint[], ?::text[]::bigint[], ?::text[]::bytea[])"
                        + " on conflict (level, index) do update set hashes = excluded.hashes");
    }
}
