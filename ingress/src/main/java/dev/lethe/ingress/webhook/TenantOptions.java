package dev.lethe.ingress.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import picocli.CommandLine.Option;

/** Which tenants. */
final class TenantOptions {
    @Option(
            names = "--tenant",
            paramLabel = "ID",
            split = ",",
            description = "A tenant whose deleted users are to be erased; several, if given more than once.")
    private List<UUID> ids = List.of();

    List<UUID> ids() {
        return ids.stream().distinct().toList();
    }

    boolean isEmpty() {
        return ids.isEmpty();
    }

    /** The named tenants; each has to be there. */
    List<ObjectNode> fetch(FusionAuthClient fusionAuth) throws FusionAuthException, InterruptedException {
        var tenants = new ArrayList<ObjectNode>();
        for (UUID id : ids()) {
            tenants.add(fusionAuth.tenant(id));
        }
        return tenants;
    }
}
