package dev.holdfast.product;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.groups.UniAwait;
import jakarta.persistence.Entity;
import jakarta.ws.rs.Path;

@AnalyzeClasses(packages = "dev.holdfast.product", importOptions = DoNotIncludeTests.class)
class ProductIngestArchitectureTest {
    @ArchTest
    static final ArchRule storesAndResourcesStayInTheirFeature = classes()
            .that()
            .haveSimpleNameEndingWith("Store")
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
            .areAnnotatedWith(Path.class)
            .and()
            .arePublic()
            .should(answerWithWireTypes());

    /** Wire types are public; what stays inside a feature is not. */
    private static ArchCondition<JavaMethod> answerWithWireTypes() {
        return new ArchCondition<>("answer with a Uni of public types") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                boolean reactive = method.getRawReturnType().isEquivalentTo(Uni.class);
                boolean wire = method.getReturnType().getAllInvolvedRawTypes().stream()
                        .allMatch(type -> type.getModifiers().contains(JavaModifier.PUBLIC));
                events.add(new SimpleConditionEvent(
                        method,
                        reactive && wire,
                        "%s answers %s".formatted(method.getFullName(), method.getReturnType())));
            }
        };
    }

    @ArchTest
    static final ArchRule entitiesStayInTheirFeature =
            classes().that().areAnnotatedWith(Entity.class).should().bePackagePrivate();

    @ArchTest
    static final ArchRule endpointsKnowNoEntity = noClasses()
            .that()
            .areAnnotatedWith(Path.class)
            .should()
            .dependOnClassesThat()
            .areAnnotatedWith(Entity.class);

    /** The loop of a partition has a virtual thread to itself. */
    @ArchTest
    static final ArchRule nothingReactiveBlocks = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("dev.holdfast.product.feed.PartitionFeed")
            .should()
            .dependOnClassesThat()
            .areAssignableTo(UniAwait.class)
            .orShould()
            .callMethodWhere(target(owner(type(Thread.class))).and(target(name("sleep"))))
            .orShould()
            .dependOnClassesThat()
            .resideInAPackage("java.sql..");

    @ArchTest
    static final ArchRule rulesArePure = noClasses()
            .that()
            .haveSimpleNameEndingWith("Rules")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..", "io.smallrye..", "io.quarkus..", "java.time..", "org.apache.kafka..");

    @ArchTest
    static final ArchRule featuresFormNoCircle = SlicesRuleDefinition.slices()
            .matching("dev.holdfast.product.(*)..")
            .should()
            .beFreeOfCycles();
}
