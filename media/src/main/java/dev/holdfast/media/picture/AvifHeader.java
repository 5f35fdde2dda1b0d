package dev.holdfast.media.picture;

import dev.holdfast.media.picture.Refusal.Reason;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the boxes that describe the pictures of an AVIF (AV1 Image File Format 1.1; ISO/IEC 23008-12 and 14496-12).
 *
 * <p>The container is that of HEIC, too, so a file that calls itself AVIF could reach decoders of other codecs: each item
 * in it has to be AV1 or metadata. Rotation is a property of the picture, applied by its decoder: the sizes are those after
 * it, and the orientation of EXIF does not count.
 */
final class AvifHeader {
    private static final int FTYP_LENGTH_MAX = 4 * 1024;
    private static final int META_LENGTH_MAX = 1024 * 1024;
    private static final int BOX_HEADER_LENGTH = 2 * Integer.BYTES;
    private static final int VERSION_SHIFT = 24;
    private static final Set<String> ITEM_TYPES = Set.of("av01", "grid", "Exif", "mime");

    private record Box(String type, ByteBuffer content) {}

    private record Size(int width, int height) {
        Size turned() {
            return new Size(/* width= */ height, /* height= */ width);
        }
    }

    private final Map<Long, String> items = new HashMap<>();
    private final List<Box> properties = new ArrayList<>();
    private final Map<Long, List<Integer>> propertiesOfItem = new HashMap<>();
    private long primary = -1;

    private AvifHeader() {}

    static PictureHeader read(HeaderInput in) throws IOException, RefusedException {
        refuseSequences(in);
        while (true) {
            long length = in.u32();
            String type = in.fourCc();
            if (type.equals("meta") && length > BOX_HEADER_LENGTH && length <= META_LENGTH_MAX) {
                ByteBuffer meta = ByteBuffer.wrap(in.bytes((int) length - BOX_HEADER_LENGTH));
                return new AvifHeader().readMeta(meta, in.size());
            }
            if (type.equals("meta") || length < BOX_HEADER_LENGTH) {
                throw RefusedException.broken("nothing says what is in it");
            }
            in.skip(length - BOX_HEADER_LENGTH);
        }
    }

    private static void refuseSequences(HeaderInput in) throws IOException, RefusedException {
        long length = in.u32();
        in.skip(Integer.BYTES);
        if (length < BOX_HEADER_LENGTH || length > FTYP_LENGTH_MAX) {
            throw RefusedException.broken("nothing says what it is");
        }
        byte[] brands = in.bytes((int) length - BOX_HEADER_LENGTH);
        if (new String(brands, StandardCharsets.ISO_8859_1).contains("avis")) {
            throw new RefusedException(Reason.UNSUPPORTED, "Animated AVIF is not read: save the picture as a still.");
        }
    }

    private PictureHeader readMeta(ByteBuffer meta, long bytes) throws RefusedException {
        try {
            meta.getInt();
            readBoxes(meta);
            Size size = shownSize();
            return new PictureHeader(
                    PictureFormat.AVIF, size.width(), size.height(), ExifOrientation.UPRIGHT, 1, bytes);
        } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException broken) {
            throw RefusedException.broken("what says what is in it makes no sense");
        }
    }

    private void readBoxes(ByteBuffer in) throws RefusedException {
        for (Box box : boxes(in)) {
            switch (box.type()) {
                case "pitm" -> primary = id(box.content(), version(box.content()) > 0);
                case "iinf" -> readItems(box.content());
                case "iprp" -> readProperties(box.content());
                default -> {}
            }
        }
    }

    private void readProperties(ByteBuffer in) {
        for (Box box : boxes(in)) {
            switch (box.type()) {
                case "ipco" -> properties.addAll(boxes(box.content()));
                case "ipma" -> readAssociations(box.content());
                default -> {}
            }
        }
    }

    private static List<Box> boxes(ByteBuffer in) {
        List<Box> boxes = new ArrayList<>();
        while (in.remaining() >= BOX_HEADER_LENGTH) {
            int length = in.getInt() - BOX_HEADER_LENGTH;
            String type = fourCc(in);
            boxes.add(new Box(type, in.slice(in.position(), length)));
            in.position(in.position() + length);
        }
        return boxes;
    }

    private void readItems(ByteBuffer in) throws RefusedException {
        boolean wide = version(in) > 0;
        id(in, wide);
        for (Box box : boxes(in)) {
            ByteBuffer entry = box.content();
            boolean wideId = version(entry) > 2;
            long id = id(entry, wideId);
            entry.getShort();
            String type = fourCc(entry);
            if (!ITEM_TYPES.contains(type)) {
                throw new RefusedException(
                        Reason.UNSUPPORTED, "The file holds pictures that are not AV1: save it as a plain AVIF.");
            }
            items.put(id, type);
        }
    }

    private void readAssociations(ByteBuffer in) {
        int versionAndFlags = in.getInt();
        boolean wideId = versionAndFlags >>> VERSION_SHIFT > 0;
        boolean wideIndex = (versionAndFlags & 1) != 0;
        for (int entries = in.getInt(); entries > 0; entries--) {
            List<Integer> indexes = propertiesOfItem.computeIfAbsent(id(in, wideId), none -> new ArrayList<>());
            for (int count = in.get() & 0xff; count > 0; count--) {
                indexes.add(wideIndex ? in.getShort() & 0x7fff : in.get() & 0x7f);
            }
        }
    }

    private Size shownSize() throws RefusedException {
        if (!items.containsKey(primary)) {
            throw RefusedException.broken("it does not say which picture is meant");
        }
        Size size = new Size(0, 0);
        boolean turned = false;
        for (int index : propertiesOfItem.getOrDefault(primary, List.of())) {
            Box property = properties.get(index - 1);
            ByteBuffer content = property.content().duplicate();
            switch (property.type()) {
                case "ispe" -> {
                    content.getInt();
                    size = new Size(positive(content.getInt()), positive(content.getInt()));
                }
                case "irot" -> turned = (content.get() & 1) != 0;
                case "clap" ->
                    throw new RefusedException(
                            Reason.UNSUPPORTED, "The picture is cropped by a note in the file: save it cropped.");
                default -> {}
            }
        }
        return turned ? size.turned() : size;
    }

    private static int positive(int side) {
        if (side <= 0) {
            throw new IllegalArgumentException("no side");
        }
        return side;
    }

    private static int version(ByteBuffer fullBox) {
        return fullBox.getInt() >>> VERSION_SHIFT;
    }

    private static long id(ByteBuffer in, boolean wide) {
        return wide ? Integer.toUnsignedLong(in.getInt()) : in.getShort() & 0xffff;
    }

    private static String fourCc(ByteBuffer in) {
        byte[] letters = new byte[Integer.BYTES];
        in.get(letters);
        return new String(letters, StandardCharsets.ISO_8859_1);
    }
}
