package dev.lethe.ingress;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with a webhook call.
 *
 * @param code in FusionAuth's manner, such as {@code [invalidJSON]}
 * @param pointer where in the document (RFC 6901); the value there is never repeated
 * @param message what is wrong, in words
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Problem(
        String code, @Nullable String pointer, @Nullable String message) {}
