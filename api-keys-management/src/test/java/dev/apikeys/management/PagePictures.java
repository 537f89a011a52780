package dev.apikeys.management;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** The pictures in {@code docs/page}. They are taken again with {@code -Dpage.pictures=take}. */
final class PagePictures {
    static final Path FOLDER = Path.of("..", "docs", "page");
    static final String SCREENSHOT = "screenshot";

    private static final int COLOURS = 256;
    private static final int GAP = 12;
    private static final Path TAKEN_OF = FOLDER.resolve("taken-of.txt");
    private static final List<Path> SOURCES =
            List.of(Path.of("src/main/page"), Path.of("src/main/resources/dev/apikeys/management/page"));

    private PagePictures() {}

    static boolean areTaken() {
        return "take".equals(System.getProperty("page.pictures"));
    }

    /** One picture of several, beside each other. */
    static void write(String name, byte[]... shots) throws IOException {
        BufferedImage[] images = new BufferedImage[shots.length];
        int width = -GAP;
        int height = 0;
        for (int shot = 0; shot < shots.length; shot++) {
            images[shot] = ImageIO.read(new ByteArrayInputStream(shots[shot]));
            width += images[shot].getWidth() + GAP;
            height = Math.max(height, images[shot].getHeight());
        }
        BufferedImage all = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D drawing = all.createGraphics();
        drawing.setColor(Color.GRAY);
        drawing.fillRect(0, 0, width, height);
        int left = 0;
        for (BufferedImage image : images) {
            drawing.drawImage(image, left, 0, null);
            left += image.getWidth() + GAP;
        }
        drawing.dispose();
        Files.createDirectories(FOLDER);
        ImageIO.write(small(all), "png", FOLDER.resolve(name + ".png").toFile());
    }

    /** The same with its 256 most frequent colours, which takes a third of the room. */
    private static BufferedImage small(BufferedImage image) {
        int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        Map<Integer, Long> counts =
                Arrays.stream(pixels).boxed().collect(Collectors.groupingBy(pixel -> pixel, Collectors.counting()));
        int[] colours = counts.entrySet().stream()
                .sorted(Map.Entry.<Integer, Long>comparingByValue(Comparator.reverseOrder()))
                .limit(COLOURS)
                .mapToInt(Map.Entry::getKey)
                .toArray();
        Map<Integer, Integer> nearest = new HashMap<>();
        byte[] indexes = new byte[pixels.length];
        for (int pixel = 0; pixel < pixels.length; pixel++) {
            indexes[pixel] = nearest.computeIfAbsent(pixels[pixel], colour -> nearest(colours, colour))
                    .byteValue();
        }
        IndexColorModel model = new IndexColorModel(8, colours.length, colours, 0, false, -1, 0);
        BufferedImage small =
                new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_BYTE_INDEXED, model);
        small.getRaster().setDataElements(0, 0, image.getWidth(), image.getHeight(), indexes);
        return small;
    }

    private static int nearest(int[] colours, int wanted) {
        int best = 0;
        for (int index = 1; index < colours.length; index++) {
            if (distance(colours[index], wanted) < distance(colours[best], wanted)) {
                best = index;
            }
        }
        return best;
    }

    private static int distance(int one, int other) {
        int red = (one >> 16 & 0xff) - (other >> 16 & 0xff);
        int green = (one >> 8 & 0xff) - (other >> 8 & 0xff);
        int blue = (one & 0xff) - (other & 0xff);
        return red * red + green * green + blue * blue;
    }

    /** The page that lists the pictures. */
    static String index() {
        StringBuilder page = new StringBuilder("""
                # The page for people, in pictures

                Each state of [`<api-keys>`](../guide/let-people-manage-keys.md#the-element-api-keys): light, dark, and 320 pixels wide. A test
                brings a real Chromium into each of them, has axe-core look for barriers, and takes these pictures:

                ```bash
                ./mvnw test -pl api-keys-management -am -Dtest=PageSituationTest -Dpage.pictures=take
                ```
                """);
        for (PageSituation situation : PageSituation.values()) {
            page.append("\n## ").append(situation.words).append("\n\n![");
            page.append(situation.words).append("](").append(situation.file()).append(".png)\n");
        }
        return page.toString();
    }

    static void finish() throws IOException {
        Files.writeString(FOLDER.resolve("README.md"), index());
        Files.writeString(TAKEN_OF, fingerprint() + "\n");
    }

    /** What the pictures were taken of. */
    static String takenOf() throws IOException {
        return Files.readString(TAKEN_OF).strip();
    }

    /** A digest of everything that the page is made of. */
    static String fingerprint() throws IOException {
        MessageDigest digest = sha256();
        for (Path folder : SOURCES) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.sorted().toList()) {
                    digest.update(file.getFileName().toString().getBytes(StandardCharsets.UTF_8));
                    digest.update(Files.readString(file).replace("\r\n", "\n").getBytes(StandardCharsets.UTF_8));
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest(), 0, 16);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
