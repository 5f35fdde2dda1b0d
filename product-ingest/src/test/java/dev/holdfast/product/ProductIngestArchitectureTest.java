package dev.holdfast.product;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import dev.holdfast.testkit.HouseRules;

@AnalyzeClasses(packages = "dev.holdfast.product", importOptions = DoNotIncludeTests.class)
class ProductIngestArchitectureTest {
    @ArchTest
    static final ArchTests house = ArchTests.in(HouseRules.class);

    /** The loop of a partition has a virtual thread to itself. */
    @ArchTest
    static final ArchRule nothingReactiveBlocks =
            HouseRules.nothingReactiveBlocks("dev.holdfast.product.feed.PartitionFeed");
}
