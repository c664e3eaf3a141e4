// Only the test and the class that leaked have failed, and each with its own thread.
def failures = [:]
new File(basedir, "target/surefire-reports").eachFileMatch(~/TEST-.*\.xml/) { file ->
  new groovy.xml.XmlParser().parse(file).testcase.each { test ->
    (test.failure + test.error).each { failures[test.@classname + "." + test.@name] = it.@message + it.text() }
  }
}
assert failures.size() == 2 : failures.keySet()
def method = failures.find { it.key == "com.acme.MethodsTest.forgets" }
assert method.value.contains('"forgotten"') && method.value.contains("started  by com.acme.Meeting.leave(Meeting.java:")
def type = failures.find { it.key.startsWith("com.acme.ForgetfulTest") }
assert type.value.contains('"left by a class"') && !type.value.contains("one of ")
