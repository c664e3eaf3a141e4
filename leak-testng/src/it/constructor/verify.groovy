// The build failed, and the first test of the class answers for what was started before it.
def log = new File(basedir, "build.log").text
def suite = new groovy.xml.XmlParser().parse(new File(basedir, "target/surefire-reports/TEST-com.acme.CheckoutTest.xml"))
def failures = suite.testcase.findAll { it.failure || it.error }
assert failures.collect { it.@name } == ["pays", "pays"] // told again for each
assert log.contains("1 thread leaked by the constructor of CheckoutTest (still alive after ")
assert log.contains("1 thread leaked by the static initialiser of CheckoutTest (still alive after ")
