// The build failed, and the report names the leak, its test, and no other test.
def suite = new groovy.xml.XmlParser().parse(new File(basedir, "target/surefire-reports/TEST-TestSuite.xml"))
def failures = suite.testcase.findAll { it.failure || it.error }
assert failures.collect { it.@name } == ["forgetsItsShop"]
def text = (failures[0].failure + failures[0].error).text()
assert text.contains("2 threads leaked by CheckoutTest.forgetsItsShop (still alive after ")
assert text.contains('2 x idle pool worker   "pool-')
assert suite.testcase.collect { it.@name }.toSet() ==
    ["closesItsShop", "forgetsItsShop", "opensNoShop"].toSet()
