package dev.lethe.ingress.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class RedactionTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void hidesSecretsWhereverTheyAreAndLeavesTheRest() throws JsonProcessingException {
        var webhook = (ObjectNode) JSON.readTree("""
                {"webhook":{"url":"https://user:hush@lethe.example.org/","headers":{"Authorization":"hush","X-A":"hush"},
                 "httpAuthenticationUsername":"u","httpAuthenticationPassword":"hush","signingKeyId":"k",
                 "data":[{"clientSecret":"hush","api_key":"hush","accessToken":{"a":"hush"}}],
                 "nothing":{"headers":null,"password":null}}}""");

        assertThat(Redaction.redacted(webhook)).isEqualTo(JSON.readTree("""
                {"webhook":{"url":"https://***@lethe.example.org/","headers":{"Authorization":"***","X-A":"***"},
                 "httpAuthenticationUsername":"u","httpAuthenticationPassword":"***","signingKeyId":"k",
                 "data":[{"clientSecret":"***","api_key":"***","accessToken":"***"}],
                 "nothing":{"headers":null,"password":null}}}"""));
        assertThat(webhook.toString()).as("the original").contains("hush");
    }
}
