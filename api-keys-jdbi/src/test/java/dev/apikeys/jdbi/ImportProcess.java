package dev.apikeys.jdbi;

import dev.apikeys.ImportOptions;
import dev.apikeys.ImportReport;
import dev.apikeys.ImportedForm;
import dev.apikeys.ImportedKey;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.TokenFormat;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

/** Imports a table of Sanctum's in a process of its own, with little memory. It says after each batch how far it is. */
final class ImportProcess {
    private ImportProcess() {}

    /** The format of a service that accepts the tokens. */
    static TokenFormat format() {
        return TokenFormat.builder()
                .alsoAccept(ImportedForm.laravelSanctum().tokens())
                .build();
    }

    /** The token in this row. */
    static String token(int row) {
        return row + "|" + secret(row);
    }

    private static String secret(int row) {
        return sha256("secret of row " + row).substring(0, 48);
    }

    private static ImportedKey read(int row) {
        return ImportedKey.of(
                        KeySpec.forUser("user" + row / 5, "org_1").named("CRM").mode(Mode.READ),
                        ImportedForm.laravelSanctum().token(Integer.toString(row), sha256(secret(row))))
                .beyondLimit();
    }

    static Process start(TestDatabase database, int rows, int batchSize) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx64m",
                // What Logback says of itself would stand among the answers.
                "-Dlogback.statusListenerClass=ch.qos.logback.core.status.NopStatusListener",
                "-cp",
                System.getProperty("java.class.path"),
                ImportProcess.class.getName(),
                database.url(),
                database.user(),
                Integer.toString(rows),
                Integer.toString(batchSize)));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    public static void main(String[] arguments) {
        TestDatabase database = new TestDatabase(arguments[0], arguments[1], "", "");
        int rows = Integer.parseInt(arguments[2]);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (KeyService keys =
                KeyService.builder(database.store(2)).tokenFormat(format()).build()) {
            long began = System.nanoTime();
            ImportReport report = keys.transfer()
                    .importKeys(
                            IntStream.range(0, rows).boxed(),
                            ImportProcess::read,
                            ImportOptions.DEFAULT
                                    .batchSize(Integer.parseInt(arguments[3]))
                                    .onProgress(so -> out.println("lines " + so.lines())));
            out.println("done " + (System.nanoTime() - began) + " " + report.imported() + " " + report.duplicates()
                    + " " + report.refused());
        }
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
