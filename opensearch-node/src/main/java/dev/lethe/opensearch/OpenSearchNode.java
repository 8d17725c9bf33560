package dev.lethe.opensearch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.opensearch.Version;
import org.opensearch.common.settings.Settings;
import org.opensearch.index.reindex.ReindexModulePlugin;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.node.NodeValidationException;
import org.opensearch.painless.PainlessModulePlugin;
import org.opensearch.plugins.Plugin;
import org.opensearch.plugins.PluginInfo;
import org.opensearch.transport.Netty4ModulePlugin;

/** One node, which is its own cluster, without security. It ends when its standard input does. */
public final class OpenSearchNode extends Node {
    private OpenSearchNode(Settings settings, Path home) {
        super(
                InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), home, () -> "node"),
                Stream.of(Netty4ModulePlugin.class, ReindexModulePlugin.class, PainlessModulePlugin.class)
                        .map(OpenSearchNode::plugin)
                        .toList(),
                true);
    }

    private static PluginInfo plugin(Class<? extends Plugin> plugin) {
        return new PluginInfo(
                plugin.getName(),
                "on the class path",
                "NA",
                Version.CURRENT,
                "21",
                plugin.getName(),
                null,
                List.of(),
                false);
    }

    /**
     * Starts the node.
     *
     * @param arguments the folder that holds its data, and the port on 127.0.0.1 that takes HTTP
     */
    public static void main(String[] arguments) throws NodeValidationException, IOException {
        Path home = Path.of(arguments[0]).toAbsolutePath();
        Settings settings = Settings.builder()
                .put("path.home", home.toString())
                .put("cluster.name", "lethe")
                .put("discovery.type", "single-node")
                .put("network.host", "127.0.0.1")
                .put("http.port", arguments[1])
                .put("transport.port", "0")
                .put("transport.type", "netty4")
                .put("http.type", "netty4")
                .put("action.auto_create_index", false)
                .put("cluster.routing.allocation.disk.threshold_enabled", false)
                .put("node.processors", 2)
                .build();
        try (var node = new OpenSearchNode(settings, home)) {
            node.start();
            int input;
            do {
                input = System.in.read();
            } while (input >= 0);
        }
        System.exit(0);
    }
}
