package dev.lethe.config;

/**
 * A configured secret. Prints as {@code ***}.
 *
 * @param reveal the secret itself, for the one place that needs it
 */
public record Secret(String reveal) {
    @Override
    public String toString() {
        return "***";
    }
}
