package dev.holdfast.media;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import dev.holdfast.testkit.HouseRules;

@AnalyzeClasses(packages = "dev.holdfast.media", importOptions = DoNotIncludeTests.class)
class MediaArchitectureTest {
    @ArchTest
    static final ArchTests house = ArchTests.in(HouseRules.class);

    @ArchTest
    static final ArchRule nothingReactiveBlocks = HouseRules.nothingReactiveBlocks();
}
