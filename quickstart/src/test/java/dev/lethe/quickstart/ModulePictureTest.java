package dev.lethe.quickstart;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** The picture of the modules in the README, held against the code. */
class ModulePictureTest {
    private static final JavaClasses LETHE =
            new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages("dev.lethe");

    private static final String[] SERVICE = {
        "dev.lethe.cli..",
        "dev.lethe.config..",
        "dev.lethe.health..",
        "dev.lethe.kafka..",
        "dev.lethe.keys..",
        "dev.lethe.logging.."
    };

    @Test
    void theWireContractKnowsNothingElse() {
        holds(noClasses()
                .that()
                .resideInAPackage("dev.lethe.events..")
                .should()
                .dependOnClassesThat(resideInAPackage("dev.lethe..").and(not(resideInAPackage("dev.lethe.events.."))))
                .because("everybody depends on the wire contract; move what needs more into common-service"));
    }

    @Test
    void theWireContractDoesNoInputOrOutput() {
        holds(noClasses()
                .that()
                .resideInAPackage("dev.lethe.events..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.nio.file..", "java.net..", "java.net.http..", "org.apache.kafka.clients.admin..")
                .because("it only says what the bytes are; put files and connections into common-service"));
    }

    @Test
    void whatServicesShareKnowsNoService() {
        holds(noClasses()
                .that()
                .resideInAnyPackage(SERVICE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.lethe.ingress..", "dev.lethe.worker..", "dev.lethe.ledger..", "dev.lethe.quickstart..")
                .because(
                        "ingress and worker are deployed without each other; let the service pass in what is its own"));
    }

    @Test
    void servicesMeetOnlyInKafka() {
        holds(noClasses()
                .that()
                .resideInAPackage("dev.lethe.ingress..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.lethe.worker..", "dev.lethe.ledger..", "dev.lethe.quickstart..")
                .because("ingress and worker know the wire contract and not each other"));
        holds(noClasses()
                .that()
                .resideInAPackage("dev.lethe.worker..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.lethe.ingress..", "dev.lethe.ledger..", "dev.lethe.quickstart..")
                .because("ingress and worker know the wire contract and not each other"));
    }

    @Test
    void theLedgerKnowsTheLaneAndDeadLettersButNoStore() {
        holds(noClasses()
                .that()
                .resideInAPackage("dev.lethe.ledger..")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("dev.lethe.ingress..", "dev.lethe.quickstart..", "dev.lethe.worker..")
                                .and(not(resideInAnyPackage(
                                        "dev.lethe.worker.lane..",
                                        "dev.lethe.worker.log..",
                                        "dev.lethe.worker.deadletter..",
                                        "dev.lethe.worker.status.."))))
                .because("the ledger reads what others did, and erases nothing; take what it needs out of the"
                        + " worker's wiring"));
    }

    @Test
    void whatProvesKnowsNoDatabase() {
        holds(noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.lethe.ledger.merkle..", "dev.lethe.ledger.keys..", "dev.lethe.ledger.journal..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.jdbi..", "java.sql..", "dev.lethe.ledger.database..")
                .because("a certificate is verified where there is no database; hand in what is read from it"));
    }

    @Test
    void theLaneKnowsNoStore() {
        holds(noClasses()
                .that()
                .resideInAPackage("dev.lethe.worker.lane..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage("dev.lethe.worker..").and(not(resideInAPackage("dev.lethe.worker.lane.."))))
                .because("one engine serves every step; give the step what it needs instead"));
    }

    @Test
    void storesKnowNeitherTheLaneNorAnythingAroundIt() {
        holds(noClasses()
                .that()
                .resideInAPackage("dev.lethe.worker.store..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage("dev.lethe.worker..").and(not(resideInAPackage("dev.lethe.worker.store.."))))
                .because("a store is a plug-in; what happened to data is a value, what went wrong is an exception"));
    }

    @Test
    void storesKnowNotEachOther() {
        holds(slices().matching("dev.lethe.worker.store.(*)..")
                .should()
                .notDependOnEachOther()
                .because("each kind of store can be taken out by itself; share through the SPI"));
    }

    @Test
    void onlyTheWiringKnowsTheWholeWorker() {
        holds(noClasses()
                .that(resideInAPackage("dev.lethe.worker..").and(not(resideInAPackage("dev.lethe.worker.app.."))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.lethe.worker.app..")
                .because("configuration and command line are the outermost layer; hand in what is needed from there"));
    }

    @Test
    void packagesDoNotGoInCircles() {
        for (String packages : new String[] {
            "dev.lethe.(*)..", "dev.lethe.worker.(*)..", "dev.lethe.ledger.(*)..", "dev.lethe.quickstart.(*).."
        }) {
            holds(slices().matching(packages)
                    .should()
                    .beFreeOfCycles()
                    .because("each has to be understood without the next; move what both need below both"));
        }
    }

    private static void holds(ArchRule rule) {
        rule.check(LETHE);
    }
}
