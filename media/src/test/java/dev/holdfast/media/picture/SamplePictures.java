package dev.holdfast.media.picture;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Pictures made on the spot, of every kind that is read, and of some that are not what they say. */
public final class SamplePictures {
    static final byte[] PNG_SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    private static final int SOI_LENGTH = 2;
    private static final int APP1 = 0xe1;
    private static final int APP2 = 0xe2;
    private static final int APP14 = 0xee;

    private SamplePictures() {}

    /** Red grows to the right, green downwards. */
    public static BufferedImage gradient(int width, int height) {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, gradientAt((x + 0.5) / width, (y + 0.5) / height));
            }
        }
        return image;
    }

    /** @param x from 0 to 1, as is {@code y} */
    public static int gradientAt(double x, double y) {
        return (int) (x * 256) << 16 | (int) (y * 256) << 8 | 128;
    }

    /** Red and green above blue and white. */
    public static BufferedImage quadrants(int width, int height) {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                boolean left = x < width / 2;
                int above = left ? 0xff0000 : 0x00ff00;
                int below = left ? 0x0000ff : 0xffffff;
                image.setRGB(x, y, y < height / 2 ? above : below);
            }
        }
        return image;
    }

    public static BufferedImage plain(int width, int height, int rgb) {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, rgb);
            }
        }
        return image;
    }

    /** One colour on the left, nothing on the right. */
    public static BufferedImage halfTransparent(int width, int height, int rgb) {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width / 2; x++) {
                image.setRGB(x, y, 0xff000000 | rgb);
            }
        }
        return image;
    }

    public static byte[] jpeg(BufferedImage image) {
        return write("jpeg", image, ImageWriteParam.MODE_DISABLED);
    }

    public static byte[] progressiveJpeg(BufferedImage image) {
        return write("jpeg", image, ImageWriteParam.MODE_DEFAULT);
    }

    public static byte[] png(BufferedImage image) {
        return write("png", image, ImageWriteParam.MODE_DISABLED);
    }

    public static byte[] interlacedPng(BufferedImage image) {
        return write("png", image, ImageWriteParam.MODE_DEFAULT);
    }

    public static byte[] gif(BufferedImage image) {
        return write("gif", image, ImageWriteParam.MODE_DISABLED);
    }

    /** Of a kind that is not let in. */
    static byte[] tiff(BufferedImage image) {
        return write("tiff", image, ImageWriteParam.MODE_DISABLED);
    }

    private static byte[] write(String format, BufferedImage image, int progressive) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
        var bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            ImageWriteParam param = writer.getDefaultWriteParam();
            if (param.canWriteProgressive()) {
                param.setProgressiveMode(progressive);
            }
            if (format.equals("jpeg")) {
                param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
                param.setCompressionQuality(0.93f);
            }
            writer.write(null, new IIOImage(image, null, null), param);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    public static byte[] animatedGif(int frames, BufferedImage frame) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
        var bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.prepareWriteSequence(null);
            for (int i = 0; i < frames; i++) {
                writer.writeToSequence(new IIOImage(frame, null, null), null);
            }
            writer.endWriteSequence();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    /** The first frame covers a part of the screen only. */
    public static byte[] gifOnScreen(BufferedImage frame, int width, int height, int left, int top) {
        byte[] gif = gif(frame);
        putLittleEndian(gif, 6, width);
        putLittleEndian(gif, 8, height);
        for (int i = 13; i < gif.length - 4; i++) {
            // the first image descriptor, at 0, 0
            if (gif[i] == 0x2c
                    && gif[i + 1] == 0
                    && gif[i + 2] == 0
                    && gif[i + 3] == 0
                    && gif[i + 4] == 0
                    && ((gif[i + 5] & 0xff) | (gif[i + 6] << 8)) == frame.getWidth()) {
                putLittleEndian(gif, i + 1, left);
                putLittleEndian(gif, i + 3, top);
                return gif;
            }
        }
        throw new IllegalStateException("There is no frame");
    }

    private static void putLittleEndian(byte[] bytes, int at, int value) {
        bytes[at] = (byte) value;
        bytes[at + 1] = (byte) (value >> 8);
    }

    public static byte[] greyJpeg(int width, int height, int grey) {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.getRaster().setSample(x, y, 0, grey);
            }
        }
        return jpeg(image);
    }

    /** @param c as other components, 0 (no ink) to 255 */
    public static byte[] cmykJpeg(int width, int height, int c, int m, int y, int k) {
        WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, width, height, 4, null);
        int[] inverted = {255 - c, 255 - m, 255 - y, 255 - k};
        for (int row = 0; row < height; row++) {
            for (int column = 0; column < width; column++) {
                raster.setPixel(column, row, inverted);
            }
        }
        var bytes = new ByteArrayOutputStream();
        ImageWriter writer = jdkJpegWriter();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(raster, null, null), null);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        } finally {
            writer.dispose();
        }
        // who has Adobe's mark has its inverted inks
        return withSegment(bytes.toByteArray(), APP14, concat(ascii("Adobe"), new byte[] {0, 100, 0, 0, 0, 0, 0}));
    }

    /** The one that writes what it is given, and does not ask for its colours. */
    private static ImageWriter jdkJpegWriter() {
        for (var writers = ImageIO.getImageWritersByFormatName("jpeg"); writers.hasNext(); ) {
            ImageWriter writer = writers.next();
            if (writer.getClass().getName().startsWith("com.sun.")) {
                return writer;
            }
        }
        throw new IllegalStateException("The JDK writes no JPEG");
    }

    /** 16 bits a channel. */
    public static byte[] deepPng(int width, int height, int red, int green, int blue) {
        var model = new ComponentColorModel(
                ColorSpace.getInstance(ColorSpace.CS_sRGB), false, false, Transparency.OPAQUE, DataBuffer.TYPE_USHORT);
        WritableRaster raster = model.createCompatibleWritableRaster(width, height);
        int[] pixel = {red * 257, green * 257, blue * 257};
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                raster.setPixel(x, y, pixel);
            }
        }
        return png(new BufferedImage(model, raster, false, null));
    }

    /** With a position in Greenwich, too. */
    public static byte[] withExif(byte[] jpeg, int orientation) {
        return withSegment(jpeg, APP1, concat(ascii("Exif\0\0"), exif(orientation)));
    }

    /** A TIFF with the orientation and a directory for GPS. */
    static byte[] exif(int orientation) {
        ByteBuffer tiff = ByteBuffer.allocate(56);
        tiff.put(ascii("MM")).putShort((short) 42).putInt(8);
        tiff.putShort((short) 2);
        entry(tiff, 0x0112, 3, orientation << 16);
        entry(tiff, 0x8825, 4, 38);
        tiff.putInt(0);
        tiff.putShort((short) 1);
        entry(tiff, 0x0001, 2, 'N' << 24);
        tiff.putInt(0);
        return tiff.array();
    }

    private static void entry(ByteBuffer tiff, int tag, int type, int value) {
        tiff.putShort((short) tag)
                .putShort((short) type)
                .putInt(type == 2 ? 2 : 1)
                .putInt(value);
    }

    /** Its numbers are the same afterwards, and mean light instead of what screens show. */
    public static byte[] withLinearProfile(byte[] jpeg) {
        byte[] profile = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
        return withSegment(jpeg, APP2, concat(ascii("ICC_PROFILE\0"), new byte[] {1, 1}, profile));
    }

    static byte[] withSegment(byte[] jpeg, int marker, byte[] content) {
        ByteBuffer out = ByteBuffer.allocate(jpeg.length + content.length + 4);
        out.put(jpeg, 0, SOI_LENGTH);
        out.put((byte) 0xff)
                .put((byte) marker)
                .putShort((short) (content.length + 2))
                .put(content);
        out.put(jpeg, SOI_LENGTH, jpeg.length - SOI_LENGTH);
        return out.array();
    }

    /** A header, and rows of black; what the header says need not be so. */
    public static byte[] blackPng(int width, int height, int rows) {
        var pixels = new ByteArrayOutputStream();
        try (var deflated = new DeflaterOutputStream(pixels, new Deflater(Deflater.BEST_COMPRESSION))) {
            byte[] row = new byte[1 + 3 * width];
            for (int i = 0; i < rows; i++) {
                deflated.write(row);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        byte[] header = ByteBuffer.allocate(13)
                .putInt(width)
                .putInt(height)
                .put(new byte[] {8, 2, 0, 0, 0})
                .array();
        return concat(
                PNG_SIGNATURE, chunk("IHDR", header), chunk("IDAT", pixels.toByteArray()), chunk("IEND", new byte[0]));
    }

    static byte[] chunk(String type, byte[] content) {
        var crc = new CRC32();
        crc.update(ascii(type));
        crc.update(content);
        return ByteBuffer.allocate(content.length + 12)
                .putInt(content.length)
                .put(ascii(type))
                .put(content)
                .putInt((int) crc.getValue())
                .array();
    }

    /** {@link #gradient} of 64 × 48, made by libwebp. */
    public static byte[] lossyWebp() {
        return resource("gradient.webp");
    }

    /** {@link #gradient} of 64 × 48, made by libheif. */
    public static byte[] avif() {
        return resource("gradient.avif");
    }

    private static byte[] resource(String name) {
        try (InputStream in = Objects.requireNonNull(SamplePictures.class.getResourceAsStream(name))) {
            return in.readAllBytes();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] concat(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
