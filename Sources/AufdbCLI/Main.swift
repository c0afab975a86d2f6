import Aufdb
import Glibc
@main struct Main { static func main() throws {
  let a = CommandLine.arguments
  let c = CommitContext(author: "me", milliseconds: 0)
  do {
  switch a[1] {
  case "init": try Store.create(at: a[2], context: c)
  case "import":
    let s = try Store(a[2], for: .writing(waitSeconds: 1, command: "import"))
    let r = try s.importFiles(ImportOptions(files: [a[3]]), context: c)
    print(r.report, r.commit?.id.short ?? "none", r.commit?.message ?? "")
  case "log": for c in try Store(a[2], for: .reading).log() { print(c.id.short, c.message, c.operation) }
  case "select":
    let s = try Store(a[2], for: .writing(waitSeconds: 1, command: "select"))
    let r = try s.select(SelectOptions(method: a[3]), context: c); print(r.report, r.commit?.message ?? "")
  case "annotate":
    let s = try Store(a[2], for: .writing(waitSeconds: 1, command: "select"))
    let r = try s.annotate(Judge(a[3], seed: 1), context: c); print(r.report, r.commit?.message ?? "")
  case "verify": print(try Store(a[2], for: .reading).verify())
  default: print("?") }
  } catch { print("ERR", error); exit(1) }
} }
