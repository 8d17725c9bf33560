package dev.lethe.worker.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.lethe.config.ConfigException;
import dev.lethe.config.ConfigFile;
import dev.lethe.config.Secret;
import dev.lethe.config.Section;
import dev.lethe.worker.check.StoreCheck;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.StorePlan;
import dev.lethe.worker.store.StoreUnavailableException;
import dev.lethe.worker.store.jdbc.MapDraft.FoundTable;
import dev.lethe.worker.store.jdbc.MapDraft.Standing;
import dev.lethe.worker.store.jdbc.MapDraft.Start;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MapDraftIT {
    private static Postgres postgres;

    @BeforeAll
    static void start(@TempDir Path directory) {
        postgres = new Postgres(directory);
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    @BeforeEach
    void empty() {
        postgres.execute("DROP SCHEMA IF EXISTS public CASCADE", "CREATE SCHEMA public");
    }

    @Test
    void whatIsReachedIsListedWithTheWayAndAnAcceptedMapComesOfIt() throws Exception {
        shop();

        MapDraft draft = draft("customers", "id", OptionalInt.empty());

        assertThat(draft.tables())
                .extracting(FoundTable::table, FoundTable::standing)
                .contains(
                        org.assertj.core.groups.Tuple.tuple("customers", Standing.START),
                        org.assertj.core.groups.Tuple.tuple("order_items", Standing.REACHED),
                        org.assertj.core.groups.Tuple.tuple("tickets", Standing.OUTLIVES),
                        org.assertj.core.groups.Tuple.tuple("newsletter", Standing.OUTSIDE));
        assertThat(found(draft, "order_items").why())
                .isEqualTo("order_items.order_id → orders.customer_id → customers.id = userId");
        assertThat(draft.tables()).extracting(FoundTable::table).doesNotContain("countries", "articles");
        assertThat(draft.yaml()).containsPattern("about people all the same\\? articles,\\s+#\\s+countries\n");
        assertThat(draft.refusals()).isEmpty();
        assertThat(draft.yaml())
                .contains("password: \"${LETHE_DB_PASSWORD}\"")
                .doesNotContain("secret")
                .contains("# newsletter: ", "newsletter: { subject: { email: { identifier: email");

        StorePlan plan = check(draft);

        assertThat(plan.obstacles()).isEmpty();
        assertThat(plan.steps())
                .extracting(StorePlan.Step::target)
                .containsExactlyInAnyOrder(
                        "customers",
                        "orders",
                        "order_items",
                        "invoices",
                        "comments",
                        "comments.reply_to",
                        "customers.recruited_by",
                        "tickets.customer_id");
        assertThat(plan.uncovered()).containsOnlyKeys("tickets");
        assertThat(plan.warnings()).anyMatch(warning -> warning.contains("newsletter is outside the map"));
    }

    @Test
    void aProposalThatIsTakenUpIsAccepted() throws Exception {
        shop();
        MapDraft draft = draft("customers", "id", OptionalInt.empty());
        assertThat(found(draft, "invoices").decisions())
                .contains("invoices: { subject: { customer_id: userId }, action: anonymize,"
                        + " set: { customer_id: null, billing_name: \"erased\", email: null } }");

        StorePlan plan = check(taken(taken(draft.yaml(), "invoices"), "newsletter"));

        assertThat(plan.obstacles()).isEmpty();
        assertThat(plan.steps())
                .filteredOn(step -> step.target().equals("invoices"))
                .hasSize(1)
                .allMatch(step -> step.action() == dev.lethe.events.Outcome.Action.ANONYMIZE);
        assertThat(plan.steps()).extracting(StorePlan.Step::target).contains("newsletter");
    }

    @Test
    void rowsOfOthersStayWhereTheyMerelyReferToOnesThatGo() throws Exception {
        shop();

        MapDraft draft = draft("customers", "id", OptionalInt.empty());

        assertThat(draft.yaml())
                .contains("\n      customers: { subject: { id: userId }, detach: [recruited_by] }\n")
                .contains("\n      comments: { subject: { author_id: userId }, detach: [reply_to] }\n");
        assertThat(found(draft, "comments").decisions()).anyMatch(text -> text.contains("comments.reply_to stay"));
    }

    @Test
    void columnsLookPersonalByTheirNamesAndTypes() throws Exception {
        postgres.execute(
                "CREATE TABLE \"Users\" (id uuid PRIMARY KEY, \"emailAddress\" text, \"phoneNumber\" bigint, \"lastLogin\" timestamptz,"
                        + " name text, date_of_birth date, seen_from inet, iban text, email_verified boolean, shoe_size int)",
                "CREATE TABLE products (id int PRIMARY KEY, name text, email_template_id int, ip boolean)");

        MapDraft draft = draft("Users", "id", OptionalInt.empty());

        assertThat(draft.tables()).hasSize(1);
        assertThat(found(draft, "Users").personal())
                .containsOnly(
                        entry("emailAddress", "e-mail"),
                        entry("phoneNumber", "phone"),
                        entry("name", "name"),
                        entry("date_of_birth", "date of birth"),
                        entry("seen_from", "IP address"),
                        entry("iban", "bank account"));
        assertThat(check(draft).obstacles()).isEmpty();
    }

    @Test
    void columnsLookPersonalByWhatIsInThemAndNoValueIsShown() throws Exception {
        postgres.execute(
                "CREATE TABLE people (id text PRIMARY KEY)",
                "CREATE TABLE journal (entry text, extra jsonb, origin text, account text, paid_with text, reach text,"
                        + " version text, number text)",
                "INSERT INTO journal VALUES ('ada@example.org came by', '{\"mail\": \"ada@example.org\"}', '2001:db8::17',"
                        + " 'DE89 3704 0044 0532 0130 00', '4111 1111 1111 1111', '+49 30 901820', '1.10.1', '12345678')",
                "INSERT INTO journal SELECT 'nothing', '{}', '', 'DE00 3704 0044 0532 0130 00', '4111 1111 1111 1112', NULL,"
                        + " '2.0', '87654321' FROM generate_series(1, 300)");

        MapDraft draft = draft("people", "id", OptionalInt.of(100));

        assertThat(found(draft, "journal").personal())
                .containsOnly(
                        entry("entry", "e-mail in 1 of 100"),
                        entry("extra", "e-mail in 1 of 100"),
                        entry("origin", "IP address in 1 of 1"),
                        entry("account", "IBAN in 1 of 100"),
                        entry("paid_with", "card number in 1 of 100"),
                        entry("reach", "phone in 1 of 1"));
        assertThat(draft.yaml() + draft.tables()).doesNotContain("ada@", "2001:", "3704", "4111", "901820");
        assertThat(draft("people", "id", OptionalInt.empty()).tables()).hasSize(1);
    }

    @Test
    void aTableThatOutlivesAndLooksPersonalIsNotLeftOutTacitly() throws Exception {
        postgres.execute(
                "CREATE TABLE customers (id text PRIMARY KEY)",
                "CREATE TABLE visits (customer_id text REFERENCES customers ON DELETE SET NULL, ip_address text)",
                "CREATE INDEX ON visits (customer_id)");

        MapDraft draft = draft("customers", "id", OptionalInt.empty());

        assertThat(draft.yaml())
                .contains("# visits: \"decide: why may it stay?\"")
                .contains("# uncovered:");
        assertThat(draft.refusals()).anyMatch(refusal -> refusal.contains("visits.customer_id"));
        assertThat(check(draft).obstacles()).isEqualTo(draft.refusals());
    }

    @Test
    void aCycleThatCantBeBrokenIsExplained() throws Exception {
        postgres.execute(
                "CREATE TABLE customers (id text PRIMARY KEY)",
                "CREATE TABLE carts (id int PRIMARY KEY, customer_id text NOT NULL REFERENCES customers, first_line int NOT NULL)",
                "CREATE TABLE lines (id int PRIMARY KEY, cart_id int NOT NULL REFERENCES carts)",
                "ALTER TABLE carts ADD FOREIGN KEY (first_line) REFERENCES lines");

        MapDraft draft = draft("customers", "id", OptionalInt.empty());

        assertThat(draft.refusals()).singleElement().asString().contains("in a cycle");
        assertThat(draft.yaml()).contains("#   decide: rows that refer to each other in a cycle");
        assertThat(check(draft).obstacles()).isEqualTo(draft.refusals());
    }

    @Test
    void namesThatYamlWouldMisreadAreQuoted() throws Exception {
        postgres.execute(
                "CREATE TABLE \"Order: \"\"no\"\" # 1\" (\"on\" text PRIMARY KEY)",
                "CREATE TABLE \"line\nbreak\" (mail text, \"on\" text REFERENCES \"Order: \"\"no\"\" # 1\")");

        MapDraft draft = draft("Order: \"no\" # 1", "on", OptionalInt.of(5));

        StorePlan plan = check(draft);
        assertThat(plan.obstacles()).isEmpty();
        assertThat(plan.steps()).extracting(StorePlan.Step::target).containsExactly("line\nbreak", "Order: \"no\" # 1");
    }

    @Test
    void whatCantBeBegunAtIsRefusedWithWhatThereIs() throws Exception {
        shop();

        assertThatThrownBy(() -> draft("custmers", "id", OptionalInt.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("did you mean \"customers\"");
        assertThatThrownBy(() -> draft("customers", "idd", OptionalInt.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("did you mean \"id\"");
        assertThatThrownBy(
                        () -> MapDraft.of(start("jdbc:oracle:x", "postgres", "customers", "id", OptionalInt.empty())))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("url");
        assertThatThrownBy(() -> MapDraft.of(start(postgres.url(), "stranger", "customers", "id", OptionalInt.empty())))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("refuses the login");
    }

    private static void shop() {
        postgres.execute(
                "CREATE TABLE countries (code text PRIMARY KEY, name text)",
                "CREATE TABLE customers (id uuid PRIMARY KEY, email text, name text, country text REFERENCES countries,"
                        + " recruited_by uuid REFERENCES customers)",
                "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id uuid NOT NULL REFERENCES customers, ship_to text)",
                "CREATE TABLE articles (id int PRIMARY KEY, name text)",
                "CREATE TABLE order_items (order_id bigint REFERENCES orders, article int REFERENCES articles)",
                "CREATE TABLE invoices (id int PRIMARY KEY, customer_id uuid REFERENCES customers, billing_name text NOT NULL,"
                        + " email text, issued_on date)",
                "CREATE TABLE comments (id int PRIMARY KEY, author_id uuid REFERENCES customers, reply_to int REFERENCES comments)",
                "CREATE TABLE tickets (id int PRIMARY KEY, customer_id uuid REFERENCES customers ON DELETE SET NULL)",
                "CREATE TABLE newsletter (email text, topic text)");
    }

    private static MapDraft draft(String table, String column, OptionalInt sample) throws Exception {
        return MapDraft.of(start(postgres.url(), "postgres", table, column, sample));
    }

    private static Start start(String url, String username, String table, String column, OptionalInt sample) {
        return new Start(
                url, username, Optional.of(new Secret("secret")), Optional.empty(), table, column, "userId", sample);
    }

    private static FoundTable found(MapDraft draft, String table) {
        return draft.tables().stream()
                .filter(found -> found.table().equals(table))
                .findFirst()
                .orElseThrow();
    }

    private static StorePlan check(MapDraft draft) throws ConfigException {
        return check(draft.yaml());
    }

    /** What {@code lethe check} asks a store that is configured with this. */
    private static StorePlan check(String yaml) throws ConfigException {
        Supplier<ErasureStore> store = ConfigFile.parse(
                        "worker.yaml",
                        yaml,
                        Map.of(MapDraft.PASSWORD, "secret"),
                        file -> configure(file.section("stores")))
                .config();
        try (ErasureStore open = store.get()) {
            return StoreCheck.ask(Map.of("shop", open)).getFirst().plan();
        }
    }

    private static Supplier<ErasureStore> configure(Section stores) {
        String name = stores.keys().iterator().next();
        Section section = stores.section(name);
        section.text("type");
        return new JdbcStoreFactory().configure(name, section);
    }

    /** As a human decides who takes the proposed rule out of its comment. */
    private static String taken(String yaml, String table) {
        List<String> lines = yaml.lines()
                .map(line -> line.startsWith("      #     " + table + ": {") ? "      " + line.substring(12) : line)
                .toList();
        return String.join("\n", lines) + "\n";
    }
}
