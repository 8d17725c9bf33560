package dev.lethe.health;

import dev.lethe.config.Section;

/**
 * Where a server listens.
 *
 * @param host the interface; {@code 0.0.0.0} for all of them
 * @param port 0 to 65535; 0 takes a free one
 */
public record HttpAddress(String host, int port) {
    /** Reads {@code host} and {@code port} of a section. */
    public static HttpAddress read(Section section, int defaultPort) {
        return new HttpAddress(section.text("host", "0.0.0.0"), section.integer("port", defaultPort, 0, 65_535));
    }
}
