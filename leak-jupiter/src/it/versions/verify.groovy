// Each module fails for the leak, of which it names the test and no other; docs/versions.md holds these versions.
def log = new File(basedir, "build.log").text
def modules = new groovy.xml.XmlParser().parse(new File(basedir, "pom.xml")).modules.module*.text()
modules.each { assert log =~ /(?m)^\[INFO\] \Q$it\E \.+ FAILURE / }

modules.findAll { it.startsWith("auto") }.each { module ->
  def suites = new File(basedir, "$module/target/surefire-reports").listFiles()
      .findAll { it.name ==~ /TEST-.*\.xml/ }
      .collect { new groovy.xml.XmlParser().parse(it) }
  assert suites.collectMany { it.testcase.collect { it.@name } }.toSet() ==
      ["opensNoShop", "closesItsShop", "forgetsItsShop", "sharesItsShop"].toSet()
  def failed = suites.collectMany { it.testcase.findAll { it.failure || it.error } }
  assert failed.collect { it.@name } == ["forgetsItsShop"]
}

def logOf = { module -> log.split("-< com.acme:").find { it.startsWith(module + " ") } }
modules.each { module ->
  assert logOf(module) =~ /2 threads leaked by CheckoutTest\.forgetsItsShop \(still alive after /
  assert !logOf(module).contains("leaked by DeliveryTest")
}
assert modules.size() == 6
