package dev.lethe.ingress.authentication;

import dev.lethe.config.ConfigException;
import dev.lethe.config.ConfigFile;
import java.util.Map;

/** Reads the section {@code authentication} as the service does. */
final class Configured {
    private Configured() {}

    static AuthenticationConfig from(String yaml, Map<String, String> environment) throws ConfigException {
        return ConfigFile.parse("ingress.yaml", yaml, environment, file -> AuthenticationConfig.read(file, false))
                .config();
    }

    static SignatureConfig signature(String yaml, Map<String, String> environment) throws ConfigException {
        return ConfigFile.parse("ingress.yaml", yaml, environment, SignatureConfig::read)
                .config();
    }
}
