package dev.holdfast.media.picture;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorConvertOp;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/** A picture in memory, in sRGB with 8 bits a channel. Whoever makes one fills it, and then it stays as it is. */
final class Pixels {
    private static final int OPAQUE = 0xff000000;
    private static final int CHANNEL = 0xff;
    private static final int ALPHA_SHIFT = 24;
    private static final int RGB_BANDS = 3;

    private final int width;
    private final int height;
    private final int[] argb;

    private Pixels(int width, int height, int[] argb) {
        this.width = width;
        this.height = height;
        this.argb = argb;
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    /** Row by row; not multiplied by alpha. The array itself, because copies of it are what memory is spent on. */
    int[] argb() {
        return argb;
    }

    static Pixels transparent(int width, int height) {
        return new Pixels(width, height, new int[width * height]);
    }

    static Pixels of(BufferedImage image) {
        ColorModel model = image.getColorModel();
        int width = image.getWidth();
        int height = image.getHeight();
        if (model.getColorSpace().getType() == ColorSpace.TYPE_GRAY && !(model instanceof IndexColorModel)) {
            return ofGrey(image.getRaster(), model.getComponentSize(0));
        }
        if (image.getType() == BufferedImage.TYPE_3BYTE_BGR) {
            return ofBytes(image.getRaster());
        }
        BufferedImage rgb = image;
        if (!model.getColorSpace().isCS_sRGB()) {
            rgb = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
            new ColorConvertOp(null).filter(image, rgb);
        }
        return new Pixels(width, height, rgb.getRGB(0, 0, width, height, null, 0, width));
    }

    /** What a JPEG is decoded to; asking the image for its pixels one by one takes longer than decoding it. */
    private static Pixels ofBytes(Raster raster) {
        Pixels pixels = transparent(raster.getWidth(), raster.getHeight());
        byte[] row = new byte[pixels.width * RGB_BANDS];
        for (int y = 0; y < pixels.height; y++) {
            raster.getDataElements(0, y, pixels.width, 1, row);
            for (int x = 0; x < pixels.width; x++) {
                int red = row[x * RGB_BANDS] & CHANNEL;
                int green = row[x * RGB_BANDS + 1] & CHANNEL;
                int blue = row[x * RGB_BANDS + 2] & CHANNEL;
                pixels.argb[y * pixels.width + x] = OPAQUE | (red << 16) | (green << 8) | blue;
            }
        }
        return pixels;
    }

    /** The JDK takes grey for linear light, which is not what files have; so its samples are taken as they are. */
    private static Pixels ofGrey(Raster raster, int bits) {
        Pixels pixels = transparent(raster.getWidth(), raster.getHeight());
        int bands = raster.getNumBands();
        int max = (1 << bits) - 1;
        int[] row = new int[pixels.width * bands];
        for (int y = 0; y < pixels.height; y++) {
            raster.getPixels(0, y, pixels.width, 1, row);
            for (int x = 0; x < pixels.width; x++) {
                int grey = row[x * bands] * CHANNEL / max;
                int alpha = bands == 2 ? row[x * bands + 1] * CHANNEL / max : CHANNEL;
                pixels.argb[y * pixels.width + x] = (alpha << ALPHA_SHIFT) | (grey << 16) | (grey << 8) | grey;
            }
        }
        return pixels;
    }

    /** @param left may be outside, as may the other sides; what is outside is transparent, or dropped */
    Pixels onCanvas(int canvasWidth, int canvasHeight, int left, int top) {
        Pixels canvas = transparent(canvasWidth, canvasHeight);
        int fromX = Math.max(0, -left);
        int count = Math.min(width, canvasWidth - left) - fromX;
        for (int y = Math.max(0, -top); count > 0 && y < Math.min(height, canvasHeight - top); y++) {
            System.arraycopy(argb, y * width + fromX, canvas.argb, (top + y) * canvasWidth + left + fromX, count);
        }
        return canvas;
    }

    /** @param orientation of EXIF: 1 to 8 */
    Pixels upright(int orientation) {
        boolean transposed = orientation >= 5;
        Pixels turned = transparent(transposed ? height : width, transposed ? width : height);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int across = switch (orientation) {
                    case 2, 3 -> width - 1 - x;
                    case 5, 8 -> y;
                    case 6, 7 -> height - 1 - y;
                    default -> x;
                };
                int down = switch (orientation) {
                    case 3, 4 -> height - 1 - y;
                    case 5, 6 -> x;
                    case 7, 8 -> width - 1 - x;
                    default -> y;
                };
                turned.argb[down * turned.width + across] = argb[y * width + x];
            }
        }
        return turned;
    }

    Pixels onWhite() {
        int[] opaque = new int[argb.length];
        for (int i = 0; i < argb.length; i++) {
            int alpha = argb[i] >>> ALPHA_SHIFT;
            opaque[i] = OPAQUE
                    | (over(argb[i] >> 16, alpha) << 16)
                    | (over(argb[i] >> 8, alpha) << 8)
                    | over(argb[i], alpha);
        }
        return new Pixels(width, height, opaque);
    }

    private static int over(int colour, int alpha) {
        return ((colour & CHANNEL) * alpha + CHANNEL * (CHANNEL - alpha) + CHANNEL / 2) / CHANNEL;
    }

    BufferedImage toImage() {
        boolean opaque = true;
        for (int pixel : argb) {
            opaque &= pixel >>> ALPHA_SHIFT == CHANNEL;
        }
        var image = new BufferedImage(width, height, opaque ? BufferedImage.TYPE_INT_RGB : BufferedImage.TYPE_INT_ARGB);
        image.getRaster().setDataElements(0, 0, width, height, argb);
        return image;
    }
}
