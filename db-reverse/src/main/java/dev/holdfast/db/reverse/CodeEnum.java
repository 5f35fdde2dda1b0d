package dev.holdfast.db.reverse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** Sources of what jOOQ has no generator for: an enum per code table, and flags. */
final class CodeEnum {
    private CodeEnum() {}

    static String converter(String packageName, String name) {
        String type = packageName + "." + name;
        return "org.jooq.Converter.ofNullable(String.class, %s.class, %s::of, %s::code)".formatted(type, type, type);
    }

    static String flagConverter(String packageName) {
        String type = packageName + ".Flag";
        return "org.jooq.Converter.ofNullable(String.class, Boolean.class, %s::of, %s::code)".formatted(type, type);
    }

    static void write(Path sources, String packageName, String name, Naming.Code code) throws IOException {
        String constants = code.constants().entrySet().stream()
                .map(one -> "    /** Code %s. */\n    %s(\"%s\")".formatted(one.getKey(), one.getValue(), one.getKey()))
                .collect(Collectors.joining(",\n"));
        Files.writeString(sources.resolve(name + ".java"), """
                package %1$s;

                /** The codes of %3$s. */
                public enum %2$s {
                %4$s;

                    private final String code;

                    %2$s(String code) {
                        this.code = code;
                    }

                    public String code() {
                        return code;
                    }

                    /** @throws IllegalArgumentException for a code that came after these models */
                    public static %2$s of(String code) {
                        for (%2$s one : values()) {
                            if (one.code.equals(code.stripTrailing())) {
                                return one;
                            }
                        }
                        throw new IllegalArgumentException("%3$s has the code '" + code + "', which the models do not know");
                    }
                }
                """.formatted(packageName, name, code.column(), constants));
    }

    static void writeFlag(Path sources, String packageName) throws IOException {
        Files.writeString(sources.resolve("Flag.java"), """
                package %s;

                /** 'Y' or 'N'. */
                public final class Flag {
                    private Flag() {}

                    /** @throws IllegalArgumentException for anything but 'Y' and 'N' */
                    public static Boolean of(String code) {
                        return switch (code) {
                            case "Y" -> Boolean.TRUE;
                            case "N" -> Boolean.FALSE;
                            default -> throw new IllegalArgumentException("'" + code + "' is neither 'Y' nor 'N'");
                        };
                    }

                    public static String code(Boolean flag) {
                        return flag ? "Y" : "N";
                    }
                }
                """.formatted(packageName));
    }
}
