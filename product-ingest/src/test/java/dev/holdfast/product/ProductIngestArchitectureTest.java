package dev.holdfast.product;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import io.smallrye.mutiny.groups.UniAwait;
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
            .should()
            .haveRawReturnType("io.smallrye.mutiny.Uni");

    @ArchTest
    static final ArchRule nothingReactiveBlocks = noClasses()
            .should()
            .dependOnClassesThat()
            .areAssignableTo(UniAwait.class)
            .orShould()
            .callMethod(Thread.class, "sleep", long.class)
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
