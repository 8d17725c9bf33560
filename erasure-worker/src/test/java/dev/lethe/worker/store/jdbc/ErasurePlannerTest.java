package dev.lethe.worker.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lethe.worker.store.jdbc.Catalogue.Column;
import dev.lethe.worker.store.jdbc.Catalogue.ForeignKey;
import dev.lethe.worker.store.jdbc.Catalogue.Kind;
import dev.lethe.worker.store.jdbc.Catalogue.OnDelete;
import dev.lethe.worker.store.jdbc.Catalogue.Privilege;
import dev.lethe.worker.store.jdbc.Catalogue.Relation;
import dev.lethe.worker.store.jdbc.Catalogue.Table;
import dev.lethe.worker.store.jdbc.Catalogue.UniqueKey;
import dev.lethe.worker.store.jdbc.ErasurePlan.Component;
import dev.lethe.worker.store.jdbc.ErasurePlan.Target;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ErasurePlannerTest {
    private static final Table USERS = table("users", "id", "boss");
    private static final Table POSTS = table("posts", "id", "author", "reply_to");
    private static final Table LIKES = table("likes", "id", "post!", "fan");
    private static final Table LANGUAGES = table("languages", "id");

    @Test
    void childrenComeBeforeTheirParents() {
        ErasurePlan plan = plan(
                key(POSTS, "author", USERS, OnDelete.REFUSE),
                key(LIKES, "post!", POSTS, OnDelete.CASCADE),
                key(LIKES, "fan", USERS, OnDelete.REFUSE));

        assertThat(plan.obstacles()).isEmpty();
        assertThat(plan.targets()).extracting(Target::name).containsExactly("likes", "posts", "users");
        assertThat(plan.targets().getFirst().links())
                .extracting(Object::toString)
                .containsExactlyInAnyOrder("likes.post!", "likes.fan");
        assertThat(plan.targets().getLast().isGiven()).isTrue();
    }

    @Test
    void aCycleIsBrokenAtANullableKey() {
        ErasurePlan plan = plan(
                key(POSTS, "author", USERS, OnDelete.REFUSE),
                key(LIKES, "post!", POSTS, OnDelete.REFUSE),
                key(POSTS, "reply_to", LIKES, OnDelete.REFUSE));

        assertThat(plan.obstacles()).isEmpty();
        Component cycle = plan.components().getFirst();
        assertThat(cycle.nulled()).extracting(ForeignKey::toString).containsExactly("posts.reply_to");
        assertThat(cycle.targets()).extracting(Target::name).containsExactly("likes", "posts");
    }

    @Test
    void aCycleThatCanNotBeBrokenIsSpelledOut() {
        Table a = table("a", "id", "b!");
        Table b = table("b", "id", "a!");

        ErasurePlan plan = ErasurePlanner.plan(
                config(Map.of("a", Map.of("id", "userId"))),
                new Catalogue(
                        "public",
                        List.of(a, b),
                        List.of(key(a, "b!", b, OnDelete.REFUSE), key(b, "a!", a, OnDelete.REFUSE))),
                new PostgresDialect());

        assertThat(plan.components()).isEmpty();
        assertThat(plan.obstacles())
                .singleElement()
                .asString()
                .matches(
                        "rows that refer to each other in a cycle can't be erased in order: (a.b! → b.a! → a|b.a! → a.b! → b);"
                                + " make one of these keys nullable, DEFERRABLE or ON DELETE SET NULL");
    }

    @Test
    void aRowThatRefersToItsOwnTableGoesInOneStatement() {
        ErasurePlan plan = plan(key(USERS, "boss", USERS, OnDelete.REFUSE));

        assertThat(plan.obstacles()).isEmpty();
        assertThat(plan.warnings())
                .contains("rows of other people go too where they refer to an erased one by users.boss; "
                        + "detach it if they are to stay");
        assertThat(plan.components()).singleElement().satisfies(component -> {
            assertThat(component.nulled()).isEmpty();
            assertThat(component.targets().getFirst().isGiven()).isFalse();
        });
    }

    @Test
    void aTableThatOutlivesItsParentHasToBeCovered() {
        ErasurePlan plan = plan(key(POSTS, "author", USERS, OnDelete.SET_NULL));

        assertThat(plan.obstacles())
                .containsExactly("posts refers to users by posts.author and is not covered: map it, "
                        + "or list it under uncovered with the reason");
    }

    private static ErasurePlan plan(ForeignKey... keys) {
        return ErasurePlanner.plan(
                config(Map.of("users", Map.of("id", "userId"))),
                new Catalogue("public", List.of(USERS, POSTS, LIKES, LANGUAGES), List.of(keys)),
                new PostgresDialect());
    }

    private static JdbcStoreConfig config(Map<String, Map<String, String>> tables) {
        return Maps.config("jdbc:postgresql:shop", "lethe", "", Maps.deleting(tables));
    }

    /** The first column is the primary key; one that ends with "!" is NOT NULL. */
    private static Table table(String name, String... columns) {
        var table = new Table(name, "public." + name, Relation.TABLE, 0, Set.of(Privilege.values()), false);
        for (String column : columns) {
            table.columns().put(column, column(column, !column.equals("id") && !column.endsWith("!")));
        }
        table.uniqueKeys().add(new UniqueKey(List.of(table.columns().get("id")), true, true));
        return table;
    }

    private static Column column(String name, boolean nullable) {
        return new Column(
                name,
                name,
                "uuid",
                Kind.UUID,
                "OPERATOR(pg_catalog.=)",
                "0",
                true,
                nullable,
                false,
                OptionalInt.empty(),
                true,
                false);
    }

    private static ForeignKey key(Table child, String column, Table parent, OnDelete onDelete) {
        return new ForeignKey(
                child + "_" + column,
                child,
                List.of(child.columns().get(column)),
                parent,
                List.of(parent.columns().get("id")),
                onDelete,
                false);
    }
}
