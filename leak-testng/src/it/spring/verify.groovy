// A cached context's threads are no leak, and a line counts them. Those of a closed one are, also if a later class has
// closed it; so are threads that only use a bean, and a context that nobody closes.
def reports = new File(basedir, "target/surefire-reports").listFiles().findAll { it.name ==~ /TEST-.*\.xml/ }
def tests = reports.collect { new groovy.xml.XmlParser().parse(it) }.collectMany { it.testcase }
assert ["pays", "delivers", "closes"].every { name ->
  tests.any { it.@name == name } && tests.every { it.@name != name || !(it.failure || it.error) }
}
def leaks = tests.findAll { it.failure || it.error }.collect {
  ((it.failure + it.error).text() =~ /\d+ threads? leaked by (\S+) \(/)[0][1]
}
assert leaks.toSet() == ["BorrowingTest.watches", "FirstUserTest.mailsFirst", "ForgetfulTest.mails", "OwnContextTest.opens"].toSet()
assert leaks.size() == 4
def log = new File(basedir, "build.log").text
assert log =~ /not counted: \d+ threads of a cached Spring test context \(closed when the JVM exits\)/
