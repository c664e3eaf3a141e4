// Each JVM has its own report, and those of the build before are gone.
def folder = new File(basedir, "target/leak-report")
assert folder.list().toSet() ==
    ["", "-2", "-3"].collectMany { ["leak-report${it}.html", "leak-report${it}.json"] }*.toString().toSet()
def blamed = ["", "-2", "-3"].collectMany {
  new groovy.json.JsonSlurper().parse(new File(folder, "leak-report${it}.json")).reports*.blamed
}
assert blamed.toSet() == ["OneTest.forgets", "TwoTest.forgets", "ThreeTest.forgets"].toSet()
