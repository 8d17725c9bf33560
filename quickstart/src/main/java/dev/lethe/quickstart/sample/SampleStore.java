package dev.lethe.quickstart.sample;

import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;

/** A store with items of people, asked with a client of its own: not through the code that erases. */
public interface SampleStore {
    /** How many items of the person each target has, by the target's name in Lethe's outcomes. */
    Map<String, Long> itemsOf(UUID person) throws SQLException;

    /** The items of everybody but these people: equal digests mean equal items, byte for byte. */
    Map<String, Digest> digestWithout(Collection<UUID> people) throws SQLException;
}
