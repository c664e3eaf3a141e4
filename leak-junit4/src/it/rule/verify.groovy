// The build failed, and the report names the leak, its test, and no other test.
def suite = new groovy.xml.XmlParser().parse(new File(basedir, "target/surefire-reports/TEST-com.acme.CheckoutTest.xml"))
def failures = suite.testcase.findAll { it.failure || it.error }
assert failures.collect { it.@name } == ["forgetsItsShop"]
def text = (failures[0].failure + failures[0].error).text()
assert text.contains("2 threads leaked by CheckoutTest.forgetsItsShop (still alive after ")
assert text.contains('2 x idle pool worker   "pool-')
assert suite.testcase.collect { it.@name }.toSet() ==
    ["closesItsShop", "forgetsItsShop", "opensNoShop"].toSet()

// The log says what is checked, and each check with its duration; nothing goes to stdout.
def log = new File(basedir, "build.log").text
assert log.contains("tests with this rule are checked for leaked threads; settings: defaults")
assert log =~ /checked after forgetsItsShop\(com\.acme\.CheckoutTest\) in [\d.]+ m?s, reports: 1; options of the rule: \[\]/
assert log =~ /checked after closesItsShop\(com\.acme\.CheckoutTest\) in [\d.]+ \S+, reports: 0/
assert suite.testcase."system-out".every { it.text().trim().isEmpty() }

// The report of the run is there, for people and for programs, and the test's report says where.
assert text.contains("more: target/leak-report/leak-report.html")
def folder = new File(basedir, "target/leak-report")
assert (folder.list() as Set) == (["leak-report.html", "leak-report.json"] as Set)
def run = new groovy.json.JsonSlurper().parse(new File(folder, "leak-report.json"))
assert run.reports*.blamed == ["CheckoutTest.forgetsItsShop"]
assert run.threads.findAll { it.leaked }*.test == ["CheckoutTest.forgetsItsShop"] * 2
assert new File(folder, "leak-report.html").text.contains("<h1>2 threads leaked by 1 test</h1>")
