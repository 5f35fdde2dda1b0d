package dev.holdfast.db.reverse;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.regex.Pattern;
import org.jooq.codegen.GenerationTool;
import org.jooq.meta.jaxb.Configuration;
import org.jooq.meta.jaxb.Database;
import org.jooq.meta.jaxb.ForcedType;
import org.jooq.meta.jaxb.Generate;
import org.jooq.meta.jaxb.Generator;
import org.jooq.meta.jaxb.Logging;
import org.jooq.meta.jaxb.MatcherRule;
import org.jooq.meta.jaxb.Matchers;
import org.jooq.meta.jaxb.MatchersFieldType;
import org.jooq.meta.jaxb.MatchersTableType;
import org.jooq.meta.jaxb.Strategy;
import org.jooq.meta.jaxb.Target;
import org.jooq.meta.postgres.PostgresDatabase;

/** The rules in the words of {@link GenerationTool}: a matcher per name, a forced type per conversion. */
record JooqSettings(String schema, Naming naming, Path target) {

    Configuration configuration() {
        return new Configuration()
                .withLogging(Logging.WARN)
                .withGenerator(new Generator()
                        .withName(ModelGenerator.class.getName())
                        .withDatabase(database())
                        .withStrategy(new Strategy().withMatchers(matchers()))
                        .withGenerate(generate())
                        .withTarget(new Target()
                                .withPackageName(naming.packageName())
                                .withDirectory(target.toString())));
    }

    /** Tables and their keys. No records to write with: whose schema it is not, who may not write. */
    private static Generate generate() {
        return new Generate()
                .withRecords(false)
                .withPojos(false)
                .withDaos(false)
                .withDeprecated(false)
                .withGlobalCatalogReferences(false)
                .withImplicitJoinPathsToOne(false)
                .withImplicitJoinPathsToMany(false)
                .withImplicitJoinPathsManyToMany(false)
                .withComments(true);
    }

    private Database database() {
        return new Database()
                .withName(PostgresDatabase.class.getName())
                .withInputSchema(schema)
                .withExcludes("flyway_schema_history")
                .withIncludeRoutines(false)
                .withIncludeSequences(false)
                .withIncludeDomains(false)
                .withForcedTypes(forcedTypes());
    }

    private ArrayList<ForcedType> forcedTypes() {
        var types = new ArrayList<ForcedType>();
        naming.tables()
                .forEach((table, rules) -> rules.columns()
                        .forEach((column, rule) -> rule.type()
                                .map(type -> forcedType(type).withIncludeExpression(expression(table, column)))
                                .ifPresent(types::add)));
        return types;
    }

    private ForcedType forcedType(String type) {
        return switch (type) {
            case "long" -> new ForcedType().withName("BIGINT");
            case "flag" ->
                new ForcedType()
                        .withUserType(Boolean.class.getName())
                        .withConverter(CodeEnum.flagConverter(naming.packageName()));
            default ->
                new ForcedType()
                        .withUserType(naming.packageName() + "." + type)
                        .withConverter(CodeEnum.converter(naming.packageName(), type));
        };
    }

    private Matchers matchers() {
        var matchers = new Matchers();
        naming.tables().forEach((table, rules) -> {
            matchers.getTables()
                    .add(new MatchersTableType()
                            .withExpression(expression(table))
                            .withTableClass(literally(rules.className()))
                            .withTableIdentifier(literally(rules.constant())));
            rules.columns()
                    .forEach((column, rule) -> matchers.getFields()
                            .add(new MatchersFieldType()
                                    .withExpression(expression(table, column))
                                    .withFieldIdentifier(literally(rule.constant()))));
        });
        return matchers;
    }

    private String expression(String... names) {
        return Pattern.quote(schema + "." + String.join(".", names));
    }

    private static MatcherRule literally(String name) {
        return new MatcherRule().withExpression(name);
    }
}
