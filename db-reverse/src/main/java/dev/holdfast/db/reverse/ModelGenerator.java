package dev.holdfast.db.reverse;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jooq.codegen.GeneratorStrategy.Mode;
import org.jooq.codegen.JavaGenerator;
import org.jooq.meta.ColumnDefinition;
import org.jooq.meta.Database;
import org.jooq.meta.JavaTypeResolver;
import org.jooq.meta.TableDefinition;

/**
 * jOOQ's generator, which then also writes the enums and the page, so that all three tell of the same names and types.
 * Made by jOOQ from its class name, hence the rules in a scoped value.
 */
public final class ModelGenerator extends JavaGenerator {
    static final ScopedValue<Naming> NAMING = ScopedValue.newInstance();
    static final String PAGE = "mapping.md";

    @Override
    public void generate(Database database) {
        super.generate(database);
        Naming naming = NAMING.get();
        File directory = new File(getTargetDirectory());
        try {
            Path sources = directory.toPath().resolve(naming.packageName().replace('.', '/'));
            CodeEnum.writeFlag(sources, naming.packageName());
            for (var code : naming.codes().entrySet()) {
                CodeEnum.write(sources, naming.packageName(), code.getKey(), code.getValue());
            }
            Files.writeString(
                    directory.toPath().resolve(PAGE),
                    new MappingPage(database, naming, this::className, this::type).text());
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    private String className(TableDefinition table) {
        return getStrategy().getJavaClassName(table, Mode.DEFAULT);
    }

    /** Types are resolved against the imports of a file; this one is never written. */
    private String type(ColumnDefinition column) {
        JavaTypeResolver resolver = resolver(newJavaWriter(new File(getTargetDirectory(), PAGE)));
        String type = getJavaType(column.getType(resolver), newJavaWriter(new File(getTargetDirectory(), PAGE)));
        return type.substring(type.lastIndexOf('.') + 1);
    }
}
