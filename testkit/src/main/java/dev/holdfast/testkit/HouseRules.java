package dev.holdfast.testkit;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.HashSet;
import java.util.Set;

/**
 * What holds in every service. A service has a test that names its packages and takes these rules in:
 *
 * <pre>{@code
 * @AnalyzeClasses(packages = "dev.holdfast.payments", importOptions = DoNotIncludeTests.class)
 * class PaymentsArchitectureTest {
 *     @ArchTest
 *     static final ArchTests house = ArchTests.in(HouseRules.class);
 * }
 * }</pre>
 */
public final class HouseRules {
    private static final String PATH = "jakarta.ws.rs.Path";
    private static final String HOUSE = "dev.holdfast";
    private static final String ENTITY = "jakarta.persistence.Entity";
    private static final Set<String> REACTIVE = Set.of("io.smallrye.mutiny.Uni", "io.smallrye.mutiny.Multi");

    /** An interface of stores is what a feature offers to others. */
    @ArchTest
    static final ArchRule storesAndResourcesStayInTheirFeature = classes()
            .that()
            .haveSimpleNameEndingWith("Store")
            .and()
            .areNotInterfaces()
            .or()
            .haveSimpleNameEndingWith("Resource")
            .should()
            .bePackagePrivate();

    @ArchTest
    static final ArchRule sqlIsInStoresAlone = noClasses()
            .that()
            .haveSimpleNameNotEndingWith("Store")
            .and()
            .haveSimpleNameNotEndingWith("Columns")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("io.vertx.mutiny.sqlclient.Tuple");

    @ArchTest
    static final ArchRule endpointsAnswerWithWireTypesOnly = methods()
            .that()
            .areDeclaredInClassesThat()
            .areAnnotatedWith(PATH)
            .and()
            .arePublic()
            .should(answerWithWireTypes());

    /** Whatever an answer is made of, however deep. */
    @ArchTest
    static final ArchRule wireTypesAreMadeOfWireTypes = classes()
            .that()
            .haveSimpleNameEndingWith("Representation")
            .or()
            .haveSimpleNameEndingWith("Page")
            .should(beMadeOfWireTypes());

    @ArchTest
    static final ArchRule entitiesStayInTheirFeature = classes()
            .that()
            .areAnnotatedWith(ENTITY)
            .should()
            .bePackagePrivate()
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule endpointsKnowNoEntity = noClasses()
            .that()
            .areAnnotatedWith(PATH)
            .should()
            .dependOnClassesThat()
            .areAnnotatedWith(ENTITY);

    @ArchTest
    static final ArchRule rulesArePure = noClasses()
            .that()
            .haveSimpleNameEndingWith("Rules")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..", "io.smallrye..", "io.quarkus..", "org.apache.kafka..")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.time.Clock")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule featuresFormNoCircle = SlicesRuleDefinition.slices()
            .matching("dev.holdfast.*.(*)..")
            .should()
            .beFreeOfCycles();

    private HouseRules() {}

    /** @param exceptions names of classes that have a thread to themselves */
    public static ArchRule nothingReactiveBlocks(String... exceptions) {
        var that = noClasses().that().doNotHaveFullyQualifiedName("");
        for (String exception : exceptions) {
            that = that.and().doNotHaveFullyQualifiedName(exception);
        }
        return that.should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("io.smallrye.mutiny.groups.UniAwait")
                .orShould()
                .callMethodWhere(target(owner(type(Thread.class))).and(target(name("sleep"))))
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("java.sql..");
    }

    private static ArchCondition<JavaClass> beMadeOfWireTypes() {
        return new ArchCondition<>("be made of public types without entities and raw bytes") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                check(type, new HashSet<>(), events);
            }

            private void check(JavaClass type, Set<JavaClass> seen, ConditionEvents events) {
                if (!seen.add(type) || !type.getPackageName().startsWith(HOUSE)) {
                    return;
                }
                for (JavaField field : type.getFields()) {
                    if (field.getModifiers().contains(JavaModifier.STATIC)) {
                        continue;
                    }
                    for (JavaClass part : field.getType().getAllInvolvedRawTypes()) {
                        boolean wire = !part.isEquivalentTo(byte[].class)
                                && !part.isAnnotatedWith(ENTITY)
                                && (!part.getPackageName().startsWith(HOUSE)
                                        || part.getModifiers().contains(JavaModifier.PUBLIC));
                        events.add(new SimpleConditionEvent(
                                field, wire, "%s is a %s".formatted(field.getFullName(), part.getName())));
                        check(part, seen, events);
                    }
                }
            }
        };
    }

    /** Wire types are public; what stays inside a feature is not. */
    private static ArchCondition<JavaMethod> answerWithWireTypes() {
        return new ArchCondition<>("answer with a Uni or Multi of public types") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                boolean reactive = REACTIVE.contains(method.getRawReturnType().getFullName());
                boolean wire = method.getReturnType().getAllInvolvedRawTypes().stream()
                        .allMatch(type -> type.getModifiers().contains(JavaModifier.PUBLIC));
                events.add(new SimpleConditionEvent(
                        method,
                        reactive && wire,
                        "%s answers %s".formatted(method.getFullName(), method.getReturnType())));
            }
        };
    }
}
