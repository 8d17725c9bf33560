package dev.lethe.ingress;

import dev.lethe.config.Section;
import dev.lethe.events.Durability;
import dev.lethe.health.HttpAddress;
import dev.lethe.ingress.authentication.AuthenticationConfig;
import dev.lethe.ingress.tls.TlsConfig;
import dev.lethe.kafka.KafkaConfig;
import java.nio.file.Path;
import java.time.Period;

/**
 * What the ingress is configured with.
 *
 * @param http where FusionAuth reaches it, and within which bounds
 * @param management where probes reach it
 * @param authentication how callers prove who they are
 * @param kafka the cluster
 * @param durability what an acknowledged request has to survive
 * @param keys the key file
 * @param events which events are requests
 * @param confirmation whether they wait for the identity provider's confirmation
 * @param dueWithin how long an erasure may take: GDPR article 12(3) says one month
 */
public record IngressConfig(
        HttpConfig http,
        HttpAddress management,
        AuthenticationConfig authentication,
        KafkaConfig kafka,
        Durability durability,
        Path keys,
        EventsConfig events,
        Confirmation confirmation,
        Period dueWithin) {

    /** Reads the whole file. */
    public static IngressConfig read(Section file) {
        HttpConfig http = HttpConfig.read(file.section("http"));
        boolean clientCertificates =
                http.tls().flatMap(TlsConfig::clientAuthority).isPresent();
        return new IngressConfig(
                http,
                HttpAddress.read(file.section("management"), 8081),
                AuthenticationConfig.read(file.section("authentication"), clientCertificates),
                KafkaConfig.read(file.section("kafka")),
                file.choice("durability", Durability.REPLICATED),
                file.path("keys", "keys.json"),
                EventsConfig.read(file.section("events")),
                file.choice("confirmation", Confirmation.NONE),
                file.period("dueWithin", Period.ofMonths(1)));
    }
}
