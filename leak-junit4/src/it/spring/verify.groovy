// A cached context's threads are no leak, and a line counts them; a closed one's, and those that only use it, are.
def reports = new File(basedir, "target/surefire-reports").listFiles().findAll { it.name ==~ /TEST-.*\.xml/ }
def tests = reports.collect { new groovy.xml.XmlParser().parse(it) }.collectMany { it.testcase }
assert ["pays", "delivers", "mails", "refunds", "watches"].every { name -> tests.any { it.@name == name } }
assert tests.findAll { it.failure || it.error }.collect { it.@name } == ["watches"]
def log = new File(basedir, "build.log").text
def leaks = (log =~ /\d+ threads? leaked by (\S+) \(still alive after/).collect { it[1] }.toSet()
assert leaks == ["RuleTest.watches", "ForgetfulTest.mails"].toSet() // by the rule, and by the listener
assert log.contains("not counted: 3 threads of a cached Spring test context (closed when the JVM exits)")
