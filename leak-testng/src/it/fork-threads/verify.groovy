// Four tests, of which two have rows.
def suite = new groovy.xml.XmlParser().parse(new File(basedir, "target/surefire-reports/TEST-com.acme.ForkTest.xml"))
assert suite.testcase.size() == 8
