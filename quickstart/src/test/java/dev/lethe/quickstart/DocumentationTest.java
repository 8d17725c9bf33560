package dev.lethe.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lethe.cli.LetheCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** What the pages lead to, and the commands that they show, are there. */
class DocumentationTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$|<a id=\"([^\"]+)\">");
    private static final Pattern COMMAND = Pattern.compile("(?m)^(?:\\$ )?\\./lethe ((?:[^\\n]*\\\\\\n)*[^\\n]*)$");
    /** Of a module that depends on this one. */
    private static final Set<String> ELSEWHERE = Set.of("bench");

    private static final Pattern OPTION = Pattern.compile("--[a-z][a-z-]*");

    private static final Map<String, CommandLine> COMMANDS = ServiceLoader.load(LetheCommand.class).stream()
            .map(ServiceLoader.Provider::get)
            .map(CommandLine::new)
            .collect(Collectors.toMap(CommandLine::getCommandName, command -> command));

    static Stream<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>();
        for (Path folder : List.of(ROOT, ROOT.resolve("docs"), ROOT.resolve("docs/decisions"), kubernetes())) {
            try (Stream<Path> files = Files.list(folder)) {
                files.filter(file -> file.toString().endsWith(".md"))
                        .map(ROOT::relativize)
                        .forEach(pages::add);
            }
        }
        return pages.stream();
    }

    private static Path kubernetes() {
        return ROOT.resolve("deploy/kubernetes");
    }

    @ParameterizedTest
    @MethodSource("pages")
    void linksLeadSomewhere(Path page) throws IOException {
        for (MatchResult link : matches(LINK, text(page))) {
            String[] parts = link.group(1).split("#", 2);
            if (parts[0].matches("[a-z]+:.*")) {
                continue;
            }
            Path file = ROOT.resolve(page).getParent().resolve(parts[0]).normalize();
            Path target = parts[0].isEmpty() ? ROOT.resolve(page) : file;
            assertThat(target).as(link.group(1)).exists();
            if (parts.length == 2) {
                assertThat(anchors(ROOT.relativize(target))).as(link.group(1)).contains(parts[1]);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void commandsAndTheirOptionsExist(Path page) throws IOException {
        for (MatchResult shown : matches(COMMAND, text(page))) {
            String line = shown.group(1).replace("\\\n", " ").replaceAll("(^|\\s)#.*", "");
            List<String> words = List.of(line.strip().split("\\s+"));
            if (words.getFirst().startsWith("--")
                    || words.getFirst().equals("COMMAND")
                    || ELSEWHERE.contains(words.getFirst())) {
                continue;
            }
            assertThat(COMMANDS).as(line).containsKey(words.getFirst());
            CommandSpec command = COMMANDS.get(words.getFirst()).getCommandSpec();
            for (String word : words.subList(1, words.size())) {
                CommandLine further = command.subcommands().get(word);
                command = further == null ? command : further.getCommandSpec();
            }
            for (MatchResult option : matches(OPTION, line)) {
                assertThat(command.findOption(option.group()))
                        .as("%s of %s", option.group(), line)
                        .isNotNull();
            }
        }
    }

    /** As GitHub makes them of headings. */
    private static Set<String> anchors(Path page) throws IOException {
        var anchors = new LinkedHashSet<String>();
        for (MatchResult heading : matches(HEADING, text(page))) {
            String anchor = heading.group(2) != null
                    ? heading.group(2)
                    : heading.group(1)
                            .strip()
                            .toLowerCase(Locale.ROOT)
                            .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                            .replace(' ', '-');
            anchors.add(anchor);
        }
        return anchors;
    }

    private static List<MatchResult> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results().toList();
    }

    private static String text(Path page) throws IOException {
        return Files.readString(ROOT.resolve(page));
    }
}
