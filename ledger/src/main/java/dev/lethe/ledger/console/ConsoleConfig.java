package dev.lethe.ledger.console;

import dev.lethe.config.Section;
import dev.lethe.health.HttpAddress;
import dev.lethe.ledger.access.AccessConfig;
import dev.lethe.ledger.lanes.LanesConfig;
import dev.lethe.ledger.opendsr.OpenDsrConfig;
import java.nio.file.Path;
import java.time.Period;
import java.util.List;
import java.util.Optional;

/**
 * What people and programs reach the ledger by.
 *
 * @param http where
 * @param keys the key file, which turns a person's ids into the pseudonym that the ledger knows
 * @param access how they prove who they are
 * @param lanes what the workers are configured with
 * @param dueWithin how long an erasure may take that is requested here
 * @param openDsr how tools that speak OpenDSR reach it, if they may
 */
public record ConsoleConfig(
        HttpAddress http,
        Path keys,
        AccessConfig access,
        LanesConfig lanes,
        Period dueWithin,
        Optional<OpenDsrConfig> openDsr) {
    /**
     * Reads its sections of a whole file.
     *
     * @param stores from which everybody is erased
     */
    public static ConsoleConfig read(Section file, List<String> stores) {
        return new ConsoleConfig(
                HttpAddress.read(file.section("http"), 8090),
                file.path("keys", "keys.json"),
                AccessConfig.read(file.section("access")),
                LanesConfig.read(file.section("lanes"), stores),
                file.period("dueWithin", Period.ofMonths(1)),
                file.has("opendsr") ? Optional.of(OpenDsrConfig.read(file.section("opendsr"))) : Optional.empty());
    }
}
