package dev.apikeys.quickstart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of this project. */
final class Repository {
    static final Path ROOT = Path.of(System.getProperty("basedir", "."), "..", "..")
            .toAbsolutePath()
            .normalize();

    private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");

    private Repository() {}

    /** The folders of all modules. */
    static List<Path> modules() {
        return MODULE.matcher(read(ROOT.resolve("pom.xml")))
                .results()
                .map(found -> ROOT.resolve(found.group(1)))
                .toList();
    }

    /** The folders of the modules whose jars are published. */
    static List<Path> publishedModules() {
        return modules().stream()
                .filter(module -> !pom(module).contains("<maven.deploy.skip>true</maven.deploy.skip>"))
                .filter(module -> !pom(module).contains("<packaging>pom</packaging>"))
                .toList();
    }

    static String pom(Path module) {
        return read(module.resolve("pom.xml"));
    }

    /** What stands in the first such element behind the parent of a POM. */
    static String artifactId(Path module) {
        String own = pom(module).replaceFirst("(?s)<parent>.*?</parent>", "");
        MatchResult found = Pattern.compile("<artifactId>([^<]+)</artifactId>")
                .matcher(own)
                .results()
                .findFirst()
                .orElseThrow();
        return found.group(1);
    }

    /** The sources of a module, without those of its tests; none in a module that only gathers others. */
    static List<Path> sources(Path module) {
        Path folder = module.resolve("src/main/java");
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
