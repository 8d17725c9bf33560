package dev.lethe.ledger.console.view;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * @param problem why the last try did not work; null if there was none
 * @param returnTo where to go on
 */
public record SignIn(
        boolean hasTokens, boolean hasOpenId, @Nullable String problem, String returnTo) {
    public String openIdPath() {
        return "/console/sign-in/openid?to=" + URLEncoder.encode(returnTo, StandardCharsets.UTF_8);
    }
}
