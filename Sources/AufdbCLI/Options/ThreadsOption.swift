// `--threads`: how many processors a verb that computes may use.

import ArgumentParser
import Glibc

struct ThreadsOption: ParsableArguments {
  @Option(
    name: .customLong("threads"),
    help: ArgumentHelp(
      "How many processors to use; results are the same for any number. (default: all)", valueName: "number"))
  var given: Int?

  var count: Int { given ?? max(1, min(256, sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

  func validate() throws {
    if let given, !(1...256).contains(given) { throw ValidationError("--threads is a number from 1 to 256") }
  }
}
