package dev.lethe.quickstart.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lethe.quickstart.server.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleDatabaseIT {

    private static final List<Person> PEOPLE = People.generate(2000, 7);

    @TempDir
    static Path directory;

    private static PostgresServer postgres;
    private static ShopDatabase shop;
    private static SupportDatabase support;

    @BeforeAll
    static void fill() throws SQLException {
        postgres = PostgresServer.start(directory);
        postgres.createDatabase("shop");
        postgres.createDatabase("support");
        shop = new ShopDatabase(postgres.dataSource("shop"));
        support = new SupportDatabase(postgres.dataSource("support"));
        shop.create();
        support.create();
        shop.fill(PEOPLE);
        support.fill(PEOPLE);
    }

    @AfterAll
    static void stop() {
        if (postgres != null) {
            postgres.close();
        }
    }

    @Test
    void hasRowsOfEverybodyInEveryTable() throws SQLException {
        Map<String, Long> inShop = shop.rowsOf(PEOPLE.get(3).id());
        Map<String, Long> inSupport = support.rowsOf(PEOPLE.get(3).id());

        assertThat(inShop.keySet()).containsExactly("customers", "orders", "order_items", "invoices");
        assertThat(inShop).containsEntry("customers", 1L);
        assertThat(inShop.get("orders")).isBetween(2L, 4L).isEqualTo(inShop.get("invoices"));
        assertThat(inShop.get("order_items")).isEqualTo(2 * inShop.get("orders"));
        assertThat(inSupport.get("tickets")).isBetween(1L, 2L);
        assertThat(inSupport.get("messages")).isBetween(2L, 6L);
        assertThat(shop.rowsOf(UUID.randomUUID()).values()).containsOnly(0L);
    }

    @Test
    void addsNothingWhenFilledAgain() throws SQLException {
        Map<String, Digest> before = shop.digestWithout(List.of());
        Map<String, Digest> supportBefore = support.digestWithout(List.of());

        shop.create();
        shop.fill(PEOPLE);
        support.fill(PEOPLE);

        assertThat(shop.digestWithout(List.of())).isEqualTo(before);
        assertThat(support.digestWithout(List.of())).isEqualTo(supportBefore);
        assertThat(before.get("customers").items()).isEqualTo(2000);
    }

    @Test
    void noticesAChangeToANeighbourButNotToThePersonLeftOut() throws SQLException {
        List<UUID> person = List.of(PEOPLE.get(10).id());
        Map<String, Digest> before = support.digestWithout(person);
        Map<String, List<String>> rowsBefore = support.rowsWithout(person);

        execute("UPDATE tickets SET subject = 'changed' WHERE requester_id = '" + person.getFirst() + "'");
        assertThat(support.digestWithout(person)).isEqualTo(before);
        assertThat(support.rowsWithout(person)).isEqualTo(rowsBefore);

        execute("UPDATE messages SET body = body || ' ' WHERE id = (SELECT min(id) FROM messages)");
        Map<String, Digest> after = support.digestWithout(person);
        assertThat(after.get("tickets")).isEqualTo(before.get("tickets"));
        assertThat(after.get("messages")).isNotEqualTo(before.get("messages"));
        assertThat(support.rowsWithout(person)).isNotEqualTo(rowsBefore);
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = postgres.dataSource("support").getConnection();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(sql)).isPositive();
        }
    }
}
