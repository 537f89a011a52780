package com.example.gateway;

import dev.apikeys.gateway.Gateway;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The gateways that run in tests where they are installed. */
enum Product {
    NGINX(Gateway.NGINX, "nginx", "nginx.conf"),
    CADDY(Gateway.CADDY, "caddy", "Caddyfile"),
    HAPROXY(Gateway.HAPROXY, "haproxy", "haproxy.cfg");

    private final Gateway gateway;
    private final String program;
    private final String configuration;

    Product(Gateway gateway, String program, String configuration) {
        this.gateway = gateway;
        this.program = program;
        this.configuration = configuration;
    }

    Gateway gateway() {
        return gateway;
    }

    String program() {
        return program;
    }

    /** Where it is installed; empty where it isn't. */
    Optional<Path> executable() {
        Stream<String> folders = Stream.concat(
                Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1)), Stream.of("/usr/sbin"));
        return folders.map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Runs it in the foreground, with its configuration in the folder. */
    List<String> command(Path executable, Path folder) {
        String file = folder.resolve(configuration).toString();
        String program = executable.toString();
        return switch (this) {
            // Started by root, its workers would be somebody else, who may not write into the folder.
            case NGINX ->
                List.of(
                        program,
                        "-p",
                        folder.toString(),
                        "-c",
                        file,
                        "-g",
                        System.getProperty("user.name").equals("root") ? "daemon off; user root;" : "daemon off;");
            case CADDY -> List.of(program, "run", "--config", file, "--adapter", "caddyfile");
            case HAPROXY -> List.of(program, "-db", "-f", file);
        };
    }
}
