package dev.lethe.worker.store.mongodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.lethe.config.ConfigException;
import dev.lethe.config.ConfigFile;
import dev.lethe.config.Secret;
import dev.lethe.worker.store.ErasureStoreFactory;
import dev.lethe.worker.store.mongodb.Rule.Identifier;
import dev.lethe.worker.store.mongodb.Rule.What;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class MongoStoreConfigTest {
    private static final Identifier USER_ID = new Identifier("userId", IdentifierType.STRING);

    @Test
    void whatIsNotSaidHasADefault() throws ConfigException {
        MongoStoreConfig config = read("""
                        url: mongodb://db/shop
                        collections: { customers: { subject: { _id: userId } } }
                        """).config();

        assertThat(config)
                .isEqualTo(new MongoStoreConfig(
                        "mongodb://db/shop",
                        Optional.empty(),
                        Optional.empty(),
                        "shop",
                        List.of(new Rule("customers", Map.of("_id", USER_ID), What.DELETE, "", Map.of(), List.of())),
                        4,
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(30)));
    }

    @Test
    void everyKeyIsRead() throws ConfigException {
        ConfigFile<MongoStoreConfig> file = read("""
                url: mongodb+srv://cluster.example.org/?authSource=users
                username: lethe
                password: ${MONGO_PASSWORD}
                database: shop
                connections: 9
                connectTimeout: PT1S
                timeout: PT2M
                collections:
                  customers:
                    subject: { _id: userId, number: customerNumber }
                    types: { _id: object-id, number: long }
                    action: delete
                  teams: { subject: { members.user.id: userId }, types: { members.user.id: uuid }, action: pull, array: members }
                  comments:
                    subject: { authorId: userId }
                    action: anonymize
                    set: { author: erased, authorId: nobody }
                    unset: [email, address.street]
                """);

        assertThat(file.config())
                .isEqualTo(new MongoStoreConfig(
                        "mongodb+srv://cluster.example.org/?authSource=users",
                        Optional.of("lethe"),
                        Optional.of(new Secret("s3cret")),
                        "shop",
                        List.of(
                                new Rule(
                                        "customers",
                                        Map.of(
                                                "_id", new Identifier("userId", IdentifierType.OBJECT_ID),
                                                "number", new Identifier("customerNumber", IdentifierType.LONG)),
                                        What.DELETE,
                                        "",
                                        Map.of(),
                                        List.of()),
                                new Rule(
                                        "teams",
                                        Map.of("members.user.id", new Identifier("userId", IdentifierType.UUID)),
                                        What.PULL,
                                        "members",
                                        Map.of(),
                                        List.of()),
                                new Rule(
                                        "comments",
                                        Map.of("authorId", USER_ID),
                                        What.ANONYMIZE,
                                        "",
                                        Map.of("author", "erased", "authorId", "nobody"),
                                        List.of("email", "address.street"))),
                        9,
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(2)));
        assertThat(file.effective() + file.config().toString()).doesNotContain("s3cret");
    }

    @Test
    void allProblemsAreReportedAtOnce() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read("""
                        url: mongo://db
                        username: lethe
                        connections: 0
                        timout: PT1S
                        collections:
                          a: { subject: {} }
                          b: { subject: { "$where": userId, "x.0.y": userId }, types: { z: long } }
                          c: { subject: { members.userId: userId }, action: pull }
                          d: { subject: { ownerId: userId }, action: pull, array: members }
                          e: { subject: { id: userId }, action: anonymize }
                          f: { subject: { id: userId }, set: { name: erased }, array: members }
                          g: { subject: { id: userId }, action: anonymize, set: { _id: x, a.b: x }, unset: [a] }
                          h: { subject: { id: userId }, action: hide }
                        """))
                .withMessageContainingAll(
                        "url: must be a connection string such as",
                        "password: is required",
                        "database: is required",
                        "connections: must be between 1 and 100",
                        "timout: unknown key, did you mean \"timeout\"?",
                        "collections.a.subject: must name a field and its identifier",
                        "collections.b.$where: is no path of a field",
                        "collections.b.x.0.y: is no path of a field",
                        "collections.b.types.z: unknown key",
                        "collections.c.array: must name the array",
                        "collections.d.subject: must name fields of the array's elements, such as members.userId",
                        "collections.e.set: must say what fields become",
                        "collections.f.set: goes with action: anonymize",
                        "collections.f.array: goes with action: pull",
                        "collections.g.set: can't change _id",
                        "collections.g.set: can't change a.b",
                        "collections.h.action: must be one of delete, pull, anonymize");
    }

    @Test
    void aUrlWithCredentialsAndAnEmptyMapAreRefused() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read("{ url: \"mongodb://lethe:s3cret@db/shop\", database: shop }"))
                .withMessageContainingAll("url: must be without credentials", "collections: must map a collection")
                .satisfies(problem -> assertThat(problem.getMessage()).doesNotContain("s3cret"));
    }

    @Test
    void theKindIsFoundByItsName() {
        assertThat(ServiceLoader.load(ErasureStoreFactory.class))
                .extracting(ErasureStoreFactory::type)
                .contains("mongodb");
    }

    private static ConfigFile<MongoStoreConfig> read(String yaml) throws ConfigException {
        return ConfigFile.parse("shop", yaml, Map.of("MONGO_PASSWORD", "s3cret"), MongoStoreConfig::read);
    }
}
