// A cached context's threads are no leak, and a line says so; a closed one's, and a user's own context, are.
def reports = new File(basedir, "target/surefire-reports").listFiles().findAll { it.name ==~ /TEST-.*\.xml/ }
def tests = reports.collect { new groovy.xml.XmlParser().parse(it) }.collectMany { it.testcase }
assert tests*.@name as Set == ["pays", "delivers", "mails", "opens"] as Set
def failures = tests.findAll { it.failure || it.error }
assert failures*.@name as Set == ["mails", "opens"] as Set
def text = { name -> failures.find { it.@name == name }.with { it.failure + it.error }.text() }
assert text("mails").contains("1 thread leaked by ForgetfulTest.mails (still alive after ")
assert text("opens").contains("1 thread leaked by OwnContextTest.opens (still alive after ")
def log = new File(basedir, "build.log").text
def held = (log =~ /not counted: (\d+) threads? of a cached Spring test context \(closed when the JVM exits\)/)
    .collect { it[1] as int }.sum()
assert held >= 3 // of the scheduler, and two of the pool
