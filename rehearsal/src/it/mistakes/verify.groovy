// Each mistake ends in a line that helps; a listener that is named twice checks once.
def log = new File(basedir, "build.log").text
def logOf = { module -> log.split("-< com.acme:").find { it.startsWith(module + " ") } }
["jupiter", "junit4"].each {
  assert logOf("$it-misspelt-key")
      .contains('leak.maxwait = "5s" (leakverifier.properties): there is no such setting; write leak.maxWait')
}
assert logOf("junit4-rule-order").contains("@Rule(order = Integer.MIN_VALUE)")
assert logOf("testng-wrong-scope")
    .contains('leak.scope = "methods" (system property) must be auto, or one or several of method, class, test, suite')
assert logOf("testng-no-dependency").contains("dev.leakverifier.testng.LeakVerifierListener")
def reports = new File(basedir, "testng-listener-twice/target/surefire-reports").listFiles().findAll { it.name ==~ /TEST-.*\.xml/ }
def cases = reports.collect { new groovy.xml.XmlParser().parse(it).testcase }.flatten()
assert cases.findAll { it.failure || it.error }.collect { it.@name } == ["forgetsItsPool"]
