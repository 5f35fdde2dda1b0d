package dev.holdfast.media.picture;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** Reads one picture with ImageIO, with fewer pixels where it is much larger than what is asked for. */
final class ImageIoDecoder {
    /** Up to here all pixels are read: to leave some out is quick, and looks jagged. */
    private static final double PIXELS_MAX = 12_000_000;

    private static final String GIF_METADATA = "javax_imageio_gif_image_1.0";
    private static final List<String> SERIOUS = List.of("premature end", "corrupt", "truncated");

    private final PictureHeader header;
    private final ImageReader reader;
    private final List<String> warnings = new ArrayList<>();

    private ImageIoDecoder(PictureHeader header, ImageReader reader) {
        this.header = header;
        this.reader = reader;
        reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
    }

    /**
     * @param width that is needed at least, in pixels
     * @return as it is stored, before its orientation is applied
     */
    static Pixels decode(Path source, PictureHeader header, int width, int height)
            throws IOException, RefusedException {
        // the format is known: none of the other readers has a look at it
        ImageReader reader =
                ImageIO.getImageReadersByFormatName(header.format().name()).next();
        try (ImageInputStream in = new FileImageInputStream(source.toFile())) {
            boolean gif = header.format() == PictureFormat.GIF;
            reader.setInput(in, true, !gif);
            return new ImageIoDecoder(header, reader).decode(width, height, gif);
        } finally {
            reader.dispose();
        }
    }

    private Pixels decode(int width, int height, boolean gif) throws RefusedException {
        Pixels pixels;
        try {
            pixels = read(width, height, gif);
        } catch (RuntimeException | IOException undecodable) {
            // the file could be opened, so it is its content; the readers answer that with whatever happens then
            throw RefusedException.broken("its pixels cannot be decoded");
        }
        if (warnings.stream()
                .map(warning -> warning.toLowerCase(Locale.ROOT))
                .anyMatch(warning -> SERIOUS.stream().anyMatch(warning::contains))) {
            throw RefusedException.truncated();
        }
        return pixels;
    }

    private Pixels read(int width, int height, boolean gif) throws IOException, RefusedException {
        if (reader.getWidth(0) > header.width() || reader.getHeight(0) > header.height()) {
            throw RefusedException.broken("its content is larger than its header says");
        }
        ImageReadParam param = reader.getDefaultReadParam();
        int step = gif ? 1 : step(width, height);
        param.setSourceSubsampling(step, step, step / 2, step / 2);
        Pixels pixels = Pixels.of(reader.read(0, param));
        return gif ? onScreen(pixels, reader.getImageMetadata(0)) : pixels;
    }

    private int step(int width, int height) {
        int most = Math.min(header.width() / width, header.height() / height);
        int wanted = (int) Math.ceil(Math.sqrt(header.pixels() / PIXELS_MAX));
        return Math.max(1, Math.min(most, wanted));
    }

    /** A frame may cover a part of its screen only. */
    private Pixels onScreen(Pixels frame, IIOMetadata metadata) {
        int left = 0;
        int top = 0;
        for (Node node = metadata.getAsTree(GIF_METADATA).getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element && element.getTagName().equals("ImageDescriptor")) {
                left = Integer.parseInt(element.getAttribute("imageLeftPosition"));
                top = Integer.parseInt(element.getAttribute("imageTopPosition"));
            }
        }
        return frame.onCanvas(header.width(), header.height(), left, top);
    }
}
