// What is staged has all that a repository asks for.
import java.util.zip.ZipFile

def group = new File(staging, "dev/leakverifier")
assert (group.list() as Set) == (["leakverifier-parent", "leak-core", "leak-testng", "leak-junit4", "leak-jupiter"] as Set)
def staged = { artifact, suffix ->
  def files = new File(group, artifact).listFiles().findAll { it.directory }*.listFiles().flatten()
  def found = files.findAll { it.name ==~ /\Q$artifact\E-\d+\.\d+\.\d+(-\d{8}\.\d{6}-\d+)?\Q$suffix\E/ }.sort { it.name }
  assert found : "no $suffix of $artifact among ${files*.name}"
  assert new File(found.last().path + ".sha1").exists()
  found.last()
}
def parent = new groovy.xml.XmlParser().parse(staged("leakverifier-parent", ".pom"))
["url", "licenses", "developers", "scm"].each { assert parent[it] : "no $it" }
def packages = ["leak-core": "dev/leakverifier", "leak-testng": "dev/leakverifier/testng",
    "leak-junit4": "dev/leakverifier/junit4", "leak-jupiter": "dev/leakverifier/jupiter"]
packages.each { artifact, path ->
  def pom = new groovy.xml.XmlParser().parse(staged(artifact, ".pom"))
  ["name", "description", "parent"].each { assert pom[it] : "no $it in the pom of $artifact" }
  def holds = { suffix, entry ->
    new ZipFile(staged(artifact, suffix)).withCloseable { assert it.getEntry(entry) : "no $entry in $artifact$suffix" }
  }
  holds(".jar", "$path/package-info.class")
  holds("-sources.jar", "$path/package-info.java")
  def module = artifact == "leak-core" ? "dev.leakverifier.core" : path.replace("/", ".")
  holds("-javadoc.jar", "$module/$path/package-summary.html")
}

// The user's build takes it from there, and each of the four ways finds the leak and nothing else.
def modules = ["jupiter", "testng", "junit4", "plain-java"]
def log = new File(basedir, "build.log").text
modules.each { module ->
  def reports = new File(basedir, "$module/target/surefire-reports").listFiles().findAll { it.name ==~ /TEST-.*\.xml/ }
  def cases = reports.collect { new groovy.xml.XmlParser().parse(it).testcase }.flatten()
  def failed = cases.findAll { it.failure || it.error }
  assert failed.collect { it.@name } == ["forgetsItsPool"]
  assert (failed[0].failure + failed[0].error).text().contains('idle pool worker   "pool-')
  assert cases*.@name.contains("closesItsPool")
}
assert modules.size() == 4
