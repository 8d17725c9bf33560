package dev.lethe.worker.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lethe.worker.store.StorePlan.Step;
import dev.lethe.worker.store.jdbc.Catalogue.Column;
import dev.lethe.worker.store.jdbc.Catalogue.ForeignKey;
import dev.lethe.worker.store.jdbc.Catalogue.Kind;
import dev.lethe.worker.store.jdbc.Catalogue.Table;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ErasurePlannerTest {
    private static final Table USERS = table("users", "id", "boss");
    private static final Table POSTS = table("posts", "id", "author");
    private static final Table LIKES = table("likes", "post", "fan");
    private static final Table LANGUAGES = table("languages", "code");

    @Test
    void everyWayToTheSubjectIsFoundAndChildrenComeFirst() {
        ErasurePlan plan = plan(
                List.of(USERS, POSTS, LIKES, LANGUAGES),
                key(POSTS, "author", USERS, "id"),
                key(LIKES, "post", POSTS, "id"),
                key(LIKES, "fan", USERS, "id"));

        assertThat(paths(plan))
                .containsExactly(
                        Map.entry("likes", "likes.fan = userId or likes.post → posts.author = userId"),
                        Map.entry("posts", "posts.author = userId"),
                        Map.entry("users", "users.id = userId"));
        assertThat(plan.obstacles()).isEmpty();
        assertThat(plan.warnings()).isEmpty();
    }

    @Test
    void aKeyThatComparesOtherwiseThanTheMappedColumnIsJoined() {
        Table notes =
                new Table("notes", "public.notes", true, true, false, Map.of("author", column("author", "text", true)));

        assertThat(paths(plan(List.of(USERS, notes), key(notes, "author", USERS, "id")))
                        .getFirst())
                .isEqualTo(Map.entry("notes", "notes.author → users.id = userId"));
    }

    @Test
    void aTableThatIsMappedAndAChildIsOneTarget() {
        Map<String, Map<String, String>> tables = new LinkedHashMap<>();
        tables.put("users", Map.of("id", "userId"));
        tables.put("posts", Map.of("author", "userId"));

        ErasurePlan plan = ErasurePlanner.plan(
                config(tables), new Catalogue(List.of(USERS, POSTS), List.of(key(POSTS, "author", USERS, "id"))));

        assertThat(paths(plan))
                .containsExactly(Map.entry("posts", "posts.author = userId"), Map.entry("users", "users.id = userId"));
    }

    @Test
    void aCycleIsSpelledOutAndNothingIsPlanned() {
        ErasurePlan plan = plan(
                List.of(USERS, POSTS, LIKES),
                key(POSTS, "author", USERS, "id"),
                key(LIKES, "post", POSTS, "id"),
                key(POSTS, "id", LIKES, "post"));

        assertThat(plan.targets()).isEmpty();
        assertThat(plan.obstacles())
                .singleElement()
                .asString()
                .contains("posts.id → likes.post → posts; make one of these keys");
    }

    private static List<Map.Entry<String, String>> paths(ErasurePlan plan) {
        return plan.published().steps().stream()
                .map((Step step) -> Map.entry(step.target(), step.path()))
                .toList();
    }

    private static ErasurePlan plan(List<Table> tables, ForeignKey... keys) {
        return ErasurePlanner.plan(
                config(Map.of("users", Map.of("id", "userId"))), new Catalogue(tables, List.of(keys)));
    }

    private static JdbcStoreConfig config(Map<String, Map<String, String>> tables) {
        return new JdbcStoreConfig(
                "jdbc:postgresql:shop",
                "lethe",
                Optional.empty(),
                "public",
                tables,
                1,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(1));
    }

    private static Table table(String name, String... columns) {
        var all = new LinkedHashMap<String, Column>();
        for (String column : columns) {
            all.put(column, column(column, "uuid", true));
        }
        return new Table(name, "public." + name, true, true, false, all);
    }

    private static Column column(String name, String type, boolean indexed) {
        return new Column(name, name, type, Kind.TEXT, "OPERATOR(pg_catalog.=)", "0", indexed);
    }

    private static ForeignKey key(Table child, String column, Table parent, String referenced) {
        return new ForeignKey(
                child,
                List.of(child.columns().get(column)),
                parent,
                List.of(parent.columns().get(referenced)),
                List.of("OPERATOR(pg_catalog.=)"),
                false);
    }
}
