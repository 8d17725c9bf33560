package dev.lethe.config;

import java.util.List;

/** A configuration that can't be used; the message lists every problem, a line each. */
public final class ConfigException extends MisconfiguredException {
    private static final long serialVersionUID = 1;

    ConfigException(String file, List<String> problems) {
        super(file + ":\n  " + String.join("\n  ", problems));
    }
}
