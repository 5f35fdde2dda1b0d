package dev.holdfast.bench.media;

import java.awt.AlphaComposite;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;

/**
 * A JPEG as of a camera, made by code: light that fades, and noise of all sizes. Any number of copies of it show the same and are
 * other bytes, because of what stands behind the picture's end.
 */
final class Picture {
    private static final int NUMBER_LENGTH = Integer.BYTES;
    /** What is noise in it, in pixels. */
    private static final int[] GRAINS = {512, 128, 32, 8, 3};

    private static final float OPACITY = 0.35f;
    private static final int STEPS = 8;

    private final byte[] jpeg;
    private final byte[] padded;

    private Picture(byte[] jpeg, int length) {
        this.jpeg = jpeg;
        this.padded = Arrays.copyOf(jpeg, length);
        byte[] noise = new byte[length - jpeg.length];
        new Random(length).nextBytes(noise);
        System.arraycopy(noise, 0, padded, jpeg.length, noise.length);
    }

    /** With the quality that comes nearest to so many bytes. */
    static Picture ofAbout(int width, int height, int bytes) throws IOException {
        byte[] jpeg = nearest(drawn(width, height), bytes);
        return new Picture(jpeg, jpeg.length + NUMBER_LENGTH);
    }

    /** Padded to exactly so many. */
    static Picture of(int width, int height, int bytes) throws IOException {
        return new Picture(nearest(drawn(width, height), bytes * 9 / 10), bytes);
    }

    byte[] copy(int number) {
        byte[] copy = padded.clone();
        ByteBuffer.wrap(copy).putInt(copy.length - NUMBER_LENGTH, number);
        return copy;
    }

    /** Without what makes copies of it. */
    int pictureLength() {
        return jpeg.length;
    }

    private static BufferedImage drawn(int width, int height) {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setPaint(new GradientPaint(0, 0, new Color(0x9fc4e8), width, height, new Color(0x3a2f1b)));
        graphics.fillRect(0, 0, width, height);
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        graphics.setComposite(AlphaComposite.getInstance(AlphaComposite.SRC_OVER, OPACITY));
        var random = new Random(1);
        for (int grain : GRAINS) {
            graphics.drawImage(noise(width / grain + 2, height / grain + 2, random), 0, 0, width, height, null);
        }
        graphics.dispose();
        return image;
    }

    private static BufferedImage noise(int width, int height, Random random) {
        var noise = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < width * height; i++) {
            noise.setRGB(i % width, i / width, random.nextInt());
        }
        return noise;
    }

    /** No more than so many bytes. */
    private static byte[] nearest(BufferedImage image, int bytes) throws IOException {
        float low = 0;
        float high = 1;
        byte[] best = jpeg(image, low);
        for (int step = 0; step < STEPS; step++) {
            float middle = (low + high) / 2;
            byte[] jpeg = jpeg(image, middle);
            if (jpeg.length <= bytes) {
                best = jpeg;
                low = middle;
            } else {
                high = middle;
            }
        }
        return best;
    }

    private static byte[] jpeg(BufferedImage image, float quality) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        var bytes = new ByteArrayOutputStream();
        try (var output = ImageIO.createImageOutputStream(bytes)) {
            ImageWriteParam param = writer.getDefaultWriteParam();
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionQuality(quality);
            writer.setOutput(output);
            writer.write(null, new IIOImage(image, null, null), param);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    /** @throws IllegalStateException unless it is a JPEG of that size */
    static void check(byte[] answer, int width, int height) throws IOException {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(answer));
        if (image == null || image.getWidth() != width || image.getHeight() != height) {
            throw new IllegalStateException(
                    "That is no picture of %d × %d: %d bytes, %s".formatted(width, height, answer.length, image));
        }
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
