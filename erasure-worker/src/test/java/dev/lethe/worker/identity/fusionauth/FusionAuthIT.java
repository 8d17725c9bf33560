package dev.lethe.worker.identity.fusionauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lethe.config.ConfigException;
import dev.lethe.config.ConfigFile;
import dev.lethe.worker.identity.IdentityProvider;
import dev.lethe.worker.identity.IdentityProvider.Proof;
import dev.lethe.worker.identity.ProviderUnavailableException;
import dev.lethe.worker.identity.ProviderUser;
import dev.lethe.worker.identity.fusionauth.UserServer.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who counts as gone, and who never does, whatever stands between Lethe and FusionAuth. */
class FusionAuthIT {
    private static final UUID TENANT = UUID.fromString("30663132-6464-6665-3032-326466613934");
    private static final UUID OTHER_TENANT = UUID.fromString("b7c5f3f0-3a52-4c35-8d0a-1c2e1f5b8f11");
    private static final UUID SOMEBODY = new UUID(0, 1);
    private static final UUID HERE = new UUID(0, 2);
    private static final UUID AWAY = new UUID(0, 3);

    private UserServer server;
    private IdentityProvider provider;

    @BeforeEach
    void start() throws Exception {
        server = new UserServer().with(SOMEBODY, TENANT).with(HERE, TENANT);
        provider = provider("");
    }

    @AfterEach
    void stop() {
        provider.close();
        server.close();
    }

    @ParameterizedTest
    @EnumSource(Proof.class)
    void whoHasNoRecordIsGoneAndWhoHasOneIsNot(Proof proof) throws Exception {
        assertThat(provider.gone(List.of(user(HERE), user(AWAY)), proof)).containsExactly(user(AWAY));
    }

    @Test
    void exactlyThoseOfManyAreGoneWhoAreWithOneCallForAHundredWhoAreThere() throws Exception {
        List<UUID> all = IntStream.range(0, 1000).mapToObj(i -> new UUID(1, i)).toList();
        var random = new Random(7);
        var gone = new HashSet<ProviderUser>();
        for (UUID id : all) {
            if (random.nextInt(20) == 0) {
                gone.add(user(id));
            } else {
                server.with(id, TENANT);
            }
        }

        assertThat(provider.gone(all.stream().map(FusionAuthIT::user).toList(), Proof.LISTED))
                .isEqualTo(gone);
        int ofTheControl = 3;
        assertThat(server.calls()).hasSize(1000 / 100 + gone.size() + ofTheControl);
    }

    @Test
    void nothingButTheSearchIsAskedWhereEverybodyIsThere() throws Exception {
        assertThat(provider.gone(List.of(user(HERE), user(SOMEBODY)), Proof.LISTED))
                .isEmpty();
        assertThat(server.calls()).extracting(UserServer.Call::path).containsExactly("/api/user/search");
    }

    @Test
    void eachTenantIsAskedForItsOwnUsers() throws Exception {
        UUID stranger = new UUID(0, 4);
        server.with(stranger, OTHER_TENANT);

        assertThat(provider.gone(
                        List.of(user(AWAY), user(HERE), new ProviderUser(stranger.toString(), OTHER_TENANT.toString())),
                        Proof.LISTED))
                .containsExactly(user(AWAY));
        assertThat(server.calls())
                .extracting(UserServer.Call::tenant)
                .contains(TENANT.toString(), OTHER_TENANT.toString())
                .doesNotContain("null");
    }

    @Test
    void whoIsListedAfterItsEndIsGoneInTheEnd() throws Exception {
        server.listing(AWAY, TENANT);

        assertThat(provider.gone(List.of(user(AWAY)), Proof.LISTED))
                .as("listed")
                .isEmpty();
        assertThat(refusal(provider, Proof.EXACT).code()).as("looked at").isEqualTo("UNPROVEN");
        server.remove(AWAY);
        assertThat(provider.gone(List.of(user(AWAY)), Proof.EXACT)).containsExactly(user(AWAY));
    }

    @Test
    void thoseWhoAreListedAfterTheirEndAreNoWitnesses() throws Exception {
        for (int i = 0; i < 5; i++) {
            server.listing(new UUID(2, i), TENANT);
        }

        assertThat(provider.gone(List.of(user(AWAY)), Proof.LISTED)).containsExactly(user(AWAY));
    }

    @Test
    void aWitnessWhoIsDeletedMeanwhileIsReplaced() throws Exception {
        server.onTheWay(call -> {
            if (call.path().endsWith(AWAY.toString())) {
                server.remove(SOMEBODY);
                server.remove(HERE);
                server.with(new UUID(0, 5), TENANT);
            }
            return Optional.empty();
        });

        assertThat(provider.gone(List.of(user(AWAY)), Proof.LISTED)).containsExactly(user(AWAY));
    }

    @Test
    void anIdThatIsNoneOfFusionAuthsIsNeverGone() throws Exception {
        assertThat(provider.gone(
                        List.of(
                                new ProviderUser("", TENANT.toString()),
                                new ProviderUser("4711", TENANT.toString()),
                                new ProviderUser("../search", TENANT.toString())),
                        Proof.LISTED))
                .isEmpty();
        assertThat(server.calls()).isEmpty();
    }

    @Test
    void aUserOfNoTenantIsOneOfTheTenantThatIsConfiguredForThem() throws Exception {
        var nowhere = new ProviderUser(AWAY.toString(), null);
        var unavailable = catchThrowableOfType(
                ProviderUnavailableException.class, () -> provider.gone(List.of(nowhere), Proof.LISTED));
        assertThat(unavailable).hasMessageContaining("set fusionauth.tenant");

        try (IdentityProvider configured = provider("tenant: " + TENANT)) {
            assertThat(configured.gone(List.of(nowhere), Proof.LISTED)).containsExactly(nowhere);
        }
    }

    /** What else may answer, instead of FusionAuth or of the right one, and the advice that follows from it. */
    static Stream<Object[]> otherAnswers() {
        return Stream.of(
                new Object[] {new Reply(401, ""), "UNAUTHENTICATED", "check fusionauth.apiKey"},
                new Object[] {new Reply(403, ""), "UNAUTHENTICATED", "check fusionauth.apiKey"},
                new Object[] {new Reply(400, "{\"generalErrors\":[]}"), "MISCONFIGURED", "fusionauth.tenant"},
                new Object[] {new Reply(404, ""), "MISCONFIGURED", "where proxies in front of it lead"},
                new Object[] {new Reply(404, "<html>not found</html>"), "MISCONFIGURED", "proxies"},
                new Object[] {new Reply(410, ""), "MISCONFIGURED", "proxies"},
                new Object[] {new Reply(200, ""), "MISCONFIGURED", "without JSON"},
                new Object[] {new Reply(200, "<html>welcome</html>"), "MISCONFIGURED", "without JSON"},
                new Object[] {new Reply(200, "{}"), "MISCONFIGURED", "no answer of FusionAuth's"},
                new Object[] {new Reply(200, "[]"), "MISCONFIGURED", "without JSON"},
                new Object[] {new Reply(204, ""), "MISCONFIGURED", "no answer of FusionAuth's"},
                new Object[] {
                    new Reply(302, "", Map.of("Location", "http://127.0.0.1:1/")),
                    "MISCONFIGURED",
                    "correct fusionauth.url"
                },
                new Object[] {new Reply(429, ""), "OVERLOADED", "can't keep up"},
                new Object[] {new Reply(500, ""), "FAILING", "see its log"},
                new Object[] {new Reply(502, ""), "UNREACHABLE", "is it running"},
                new Object[] {new Reply(503, ""), "OVERLOADED", "starting"},
                new Object[] {new Reply(504, ""), "UNREACHABLE", "is it running"});
    }

    @ParameterizedTest
    @MethodSource("otherAnswers")
    void noOtherAnswerToEverythingMakesAnybodyDisappear(Reply reply, String code, String advice) {
        server.onTheWay(call -> Optional.of(reply));

        for (Proof proof : Proof.values()) {
            assertThat(refusal(provider, proof).code()).isEqualTo(code);
            assertThat(refusal(provider, proof)).hasMessageContaining(advice);
        }
    }

    @ParameterizedTest
    @MethodSource("otherAnswers")
    void noOtherAnswerToThoseWhoAreAskedForOneByOneMakesAnybodyDisappear(Reply reply, String code, String advice)
            throws Exception {
        server.onTheWay(call -> call.method().equals("GET") ? Optional.of(reply) : Optional.empty());

        if (reply.status() == 404 && reply.body().isEmpty()) {
            assertThat(refusal(provider, Proof.LISTED).code()).isEqualTo("UNPROVEN");
        } else {
            assertThat(refusal(provider, Proof.LISTED).code()).isEqualTo(code);
        }
        assertThat(provider.gone(List.of(user(HERE)), Proof.LISTED)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5})
    void aProxyThatNowAndThenAnswers404ByItselfMakesNobodyDisappearWhoIsThere(int oneIn) {
        var counter = new AtomicInteger();
        server.onTheWay(
                call -> counter.incrementAndGet() % oneIn == 0 ? Optional.of(new Reply(404, "")) : Optional.empty());
        Set<ProviderUser> there = Set.of(user(HERE), user(SOMEBODY));

        for (int i = 0; i < 50; i++) {
            for (Proof proof : Proof.values()) {
                try {
                    assertThat(provider.gone(List.of(user(HERE), user(AWAY), user(SOMEBODY)), proof))
                            .doesNotContainAnyElementsOf(there);
                } catch (ProviderUnavailableException e) {
                    assertThat(e.code()).isIn("UNPROVEN", "MISCONFIGURED");
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        }
    }

    @Test
    void aKeyOfAnotherTenantIsSeenThrough() {
        server.lockKeyTo(OTHER_TENANT);
        assertThat(refusal(provider, Proof.LISTED))
                .as("whose tenant has nobody")
                .hasMessageContaining("shows no user of tenant " + TENANT)
                .hasMessageContaining("a key for that tenant");

        server.with(new UUID(0, 9), OTHER_TENANT);
        assertThat(refusal(provider, Proof.LISTED))
                .as("whose tenant has others")
                .hasMessageContaining("fusionauth.apiKey has to be a key for that tenant");
    }

    @Test
    void anotherFusionAuthIsSeenThrough() throws Exception {
        try (var other = new UserServer().with(SOMEBODY, OTHER_TENANT);
                IdentityProvider wrong = provider(other.url(), UserServer.KEY, "")) {
            assertThat(refusal(wrong, Proof.LISTED))
                    .hasMessageContaining("fusionauth.url is the FusionAuth of that tenant");
        }
    }

    @Test
    void aWrongKeyIsSeenThrough() throws Exception {
        try (IdentityProvider wrong = provider(server.url(), "another key", "")) {
            assertThat(refusal(wrong, Proof.LISTED).code()).isEqualTo("UNAUTHENTICATED");
        }
    }

    @Test
    void nobodyListeningIsNotNobodyThere() throws Exception {
        server.close();

        assertThat(refusal(provider, Proof.LISTED).code()).isEqualTo("UNREACHABLE");
    }

    @Test
    void whoHangsIsNotWaitedForForever() throws Exception {
        var late = new java.util.concurrent.CountDownLatch(1);
        server.onTheWay(call -> {
            try {
                late.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Optional.empty();
        });
        try (IdentityProvider hasty = provider("requestTimeout: PT0.2S")) {
            assertThat(refusal(hasty, Proof.LISTED).code()).isEqualTo("UNREACHABLE");
        } finally {
            late.countDown();
        }
    }

    @Test
    void anEndlessAnswerIsNotRead() {
        server.onTheWay(call -> Optional.of(new Reply(200, " ".repeat((16 << 20) + 1))));

        assertThat(refusal(provider, Proof.LISTED)).hasMessageContaining("more than 16777216 bytes");
    }

    @Test
    void aWishToBeLeftAloneIsHeard() {
        server.onTheWay(call -> Optional.of(new Reply(503, "", Map.of("Retry-After", "7"))));

        assertThat(refusal(provider, Proof.LISTED).retryAfter()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void whatIsWrongIsSaidBeforeAnythingDependsOnIt() throws Exception {
        provider.check();

        server.lockKeyTo(OTHER_TENANT);
        assertThat(catchThrowableOfType(ProviderUnavailableException.class, () -> provider.check()))
                .hasMessageContaining("a tenant without any user needs one");
    }

    @Test
    void nobodyIsInAnyMessage() {
        for (Reply reply : List.of(new Reply(404, "no " + AWAY), new Reply(200, "{\"user\":\"" + AWAY + "\"}"))) {
            server.onTheWay(call -> call.method().equals("GET") ? Optional.of(reply) : Optional.empty());

            assertThat(refusal(provider, Proof.LISTED).toString()).doesNotContain(AWAY.toString());
        }
        assertThat(user(AWAY).toString()).doesNotContain(AWAY.toString());
    }

    private static ProviderUnavailableException refusal(IdentityProvider asked, Proof proof) {
        var refusal =
                catchThrowableOfType(ProviderUnavailableException.class, () -> asked.gone(List.of(user(AWAY)), proof));
        assertThat(refusal).as("nobody is gone").isNotNull();
        return refusal;
    }

    private static ProviderUser user(UUID id) {
        return new ProviderUser(id.toString(), TENANT.toString());
    }

    private IdentityProvider provider(String more) throws ConfigException, IOException {
        return provider(server.url(), UserServer.KEY, more);
    }

    private static IdentityProvider provider(String url, String key, String more) throws ConfigException {
        String yaml = "url: " + url + "/\napiKey: " + key + "\n" + more;
        return ConfigFile.parse("test", yaml, Map.of(), new FusionAuthFactory()::configure)
                .config()
                .get();
    }
}
