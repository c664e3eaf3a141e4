// Each module fails for the leak, of which its reports name the test and no other; docs/versions.md holds these versions.
def log = new File(basedir, "build.log").text
def modules = new groovy.xml.XmlParser().parse(new File(basedir, "pom.xml")).modules.module*.text()
modules.each { assert log =~ /(?m)^\[INFO\] \Q$it\E \.+ FAILURE / }

modules.findAll { it != "testng-too-old" }.each { module ->
  def reports = ["surefire-reports", "failsafe-reports"].collect { new File(basedir, "$module/target/$it") }
  def suites = reports.findAll { it.exists() }
      .collectMany { it.listFiles().findAll { it.name ==~ /TEST-.*\.xml/ } as List }
      .collect { new groovy.xml.XmlParser().parse(it) }
  def (deliveries, checkouts) = suites.split { it.@name == "com.acme.DeliveryTest" }
  assert deliveries.size() == (module =~ /rule|vintage/ ? 1 : 0)
  assert deliveries.every { it.testcase.size() == 1 && it.testcase.every { !it.failure && !it.error } }
  assert checkouts.size() == (module.startsWith("mixed") ? 2 : 1)
  assert new File(basedir, "$module/target/leak-report/leak-report.html").exists()
  checkouts.each { suite ->
    assert suite.testcase.collect { it.@name }.toSet() ==
        ["closesItsShop", "forgetsItsShop", "opensNoShop"].toSet()
    def failures = suite.testcase.findAll { it.failure || it.error }
    if (module.startsWith("junit4-listener")) { // a run listener has no test's report to name it in
      assert failures.isEmpty()
    } else {
      assert failures.collect { it.@name } == ["forgetsItsShop"]
      assert (failures[0].failure + failures[0].error).text() =~
          /2 threads leaked by \w*CheckoutTest\.forgetsItsShop \(still alive after /
    }
  }
}

def logOf = { module -> log.split("-< com.acme:").find { it.startsWith(module + " ") } }
modules.findAll { it.startsWith("junit4-listener") }.each {
  assert logOf(it).contains("Test mechanism :: 2 threads leaked by CheckoutTest.forgetsItsShop ")
}
assert logOf("testng-too-old").contains("LeakVerifier needs TestNG 7.0 or newer, and this one is older: ")
assert logOf("testng-too-old").contains("testng-6.9.10.jar")
