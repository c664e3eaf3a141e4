// The build failed, and the log names the leak; a run listener has no test's report to name it in.
def suite = new groovy.xml.XmlParser().parse(new File(basedir, "target/surefire-reports/TEST-com.acme.CheckoutTest.xml"))
assert suite.testcase.collect { it.@name }.toSet() ==
    ["closesItsShop", "forgetsItsShop", "opensNoShop"].toSet()
assert suite.testcase.every { !it.failure && !it.error }
def log = new File(basedir, "build.log").text
assert log.contains("2 threads leaked by CheckoutTest.forgetsItsShop (still alive after ")
assert log.contains('2 x idle pool worker   "pool-')
