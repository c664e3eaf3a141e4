// Whatever versions the project has: both adapters find its leaks, and report, page and JSON are written.
def log = new File(basedir, "build.log").text
def xml = { new groovy.xml.XmlParser().parse(it) }
def modules = xml(new File(basedir, "pom.xml")).modules.module*.text()
for (module in modules) {
  def target = new File(basedir, "$module/target")
  def suites = new File(target, "surefire-reports").listFiles().findAll { it.name ==~ /TEST-.*\.xml/ }.collect(xml)
  assert suites.collect { it.testcase[0].@classname } as Set ==
      ["com.acme.JUnitCheckoutTest", "com.acme.TestNgCheckoutTest"] as Set
  suites.each { suite ->
    def failures = suite.testcase.findAll { it.failure || it.error }
    assert failures*.@name as Set == ["forgetsItsPool", "forgetsItsQueue"] as Set
    def text = { name -> failures.find { it.@name == name }.with { it.failure + it.error }.text() }
    assert text("forgetsItsPool") =~ /2 threads leaked by \w*CheckoutTest\.forgetsItsPool \(still alive after /
    assert text("forgetsItsPool").contains('2 x idle pool worker   "pool-')
    // The queue of Guava 11 has no close(), so the catalogue speaks of it.
    def queue = /1\) thread of (a FinalizableReferenceQueue of Guava\n   fix      call FinalizableReferenceQueue\.close\(\)/ +
        /|com\.google\.common\.base\.FinalizableReferenceQueue\n   fix      call close\(\) on the FinalizableReferenceQueue)/
    assert text("forgetsItsQueue") =~ queue

    def jars = suite.get("properties").property.find { it.@name == "surefire.test.class.path" }.@value
        .split(File.pathSeparator).collect { new File(it).name }
    assert jars.indexOf("jackson-core-2.0.0.jar") in 0..<jars.findIndexOf { it.startsWith("leak-core-") }
    if (module.startsWith("guava-")) {
      assert jars.findAll { it.startsWith("guava") } == [module + ".jar"]
      assert jars.indexOf(module + ".jar") < jars.findIndexOf { it.startsWith("leak-core-") }
    } else {
      assert jars.findAll { it.startsWith("slf4j") } as Set ==
          [module.replace("slf4j", "slf4j-api") + ".jar", module.replace("slf4j", "slf4j-simple") + ".jar"] as Set
    }
  }
  def reports = new File(target, "leak-report").listFiles()
  def runs = reports.findAll { it.name.endsWith(".json") }.collect { new groovy.json.JsonSlurper().parse(it) }
  assert runs*.reports*.blamed*.toSet() as Set == ["JUnitCheckoutTest", "TestNgCheckoutTest"]
      .collect { [it + ".forgetsItsPool", it + ".forgetsItsQueue"] as Set } as Set
  def pages = reports.findAll { it.name.endsWith(".html") }
  assert pages.size() == 2 // of each framework's JVM
  assert pages.every { it.text.contains("<h1>3 threads leaked by 2 tests</h1>") }

  def own = log.split("-< com.acme:").find { it.startsWith(module + " ") }
  assert own.contains("tests with this rule are checked for leaked threads") == module.startsWith("slf4j-")
  assert own.contains("No SLF4J providers were found") == module.startsWith("guava-")
}
