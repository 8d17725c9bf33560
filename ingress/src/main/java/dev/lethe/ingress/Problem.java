package dev.lethe.ingress;

/**
 * One thing that is wrong with a webhook call.
 *
 * @param code in FusionAuth's manner, such as {@code [invalidJSON]}
 * @param pointer where in the document (RFC 6901); the value there is never repeated
 * @param message what is wrong, in words
 */
record Problem(String code, String pointer, String message) {}
