package dev.holdfast.platform;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.holdfast.platform", importOptions = DoNotIncludeTests.class)
class PlatformArchitectureTest {
    @ArchTest
    static final ArchRule knowsNoService = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideOutsideOfPackages("dev.holdfast..")
            .orShould()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("dev.holdfast.platform..", "java..", "jakarta..", "io..", "org..", "com.fasterxml..");

    @ArchTest
    static final ArchRule carriesNoDomainNoun = noClasses()
            .should()
            .haveNameMatching("(?i).*\\.[^.]*(product|vendor|order|user|account|transfer|payment|image|todo)[^.]*$");

    @ArchTest
    static final ArchRule storesStayInTheirPackage =
            classes().that().haveSimpleName("OutboxStore").should().bePackagePrivate();
}
