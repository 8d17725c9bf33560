package dev.lethe.worker.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** What the store is compared with on random schemas makes sense itself. */
class RandomSchemaTest {
    private static final List<String> PEOPLE = List.of("u1", "u2", "u3");

    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    void anErasureInMemoryLeavesAWholeDatabaseAndNothingOfTheErased(@ForAll long seed, @ForAll boolean postgres) {
        var random = new Random(seed);
        var schema = new RandomSchema(postgres, random);
        var rows = new RandomRows(schema, PEOPLE, random);
        assertThat(rows.broken()).as("%s", schema).isEmpty();
        assertThat(rows.incomplete()).as("%s", schema).isEmpty();

        rows.erase(Set.of("u1", "u2"));

        assertThat(rows.broken()).as("%s", schema).isEmpty();
        assertThat(rows.incomplete()).as("%s", schema).isEmpty();
        assertThat(rows.ownedBy(Set.of("u1", "u2"))).as("%s", schema).isEmpty();
        List<String> once = rows.text();
        rows.erase(Set.of("u1", "u2"));
        assertThat(rows.text()).isEqualTo(once);
    }
}
