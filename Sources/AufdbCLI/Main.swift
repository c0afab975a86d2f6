// Where the process starts and ends. All else is in functions that tests call too.

import CFiles
import Glibc

@main
enum Main {
  static func main() {
    // A reader that goes away shows up as an error of the write, which ends the command silently.
    signal(SIGPIPE, SIG_IGN)
    // Ctrl-C leaves no half-made files.
    aufdb_leftovers_watch()
    let code = AufdbCommand.run(Array(CommandLine.arguments.dropFirst()), in: .process())
    exit(code)
  }
}
