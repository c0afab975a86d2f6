// Who asks a query, as far as its hints depend on that: the command line has options and verbs where the shell has
// commands of its own.

/// Where the SQL was typed.
public enum QueryCaller: Sendable {
  case commandLine, shell

  /// How to allow a statement more time.
  var moreTime: String {
    switch self {
    case .commandLine: "--timeout SECONDS allows more, and --timeout 0 any time"
    case .shell: ".timeout SECONDS allows more, and .timeout 0 any time"
    }
  }

  /// How to give a parameter its value.
  func filling(_ parameter: String) -> String {
    switch self {
    case .commandLine: "--param \(parameter)=VALUE"
    case .shell: ".param \(parameter) VALUE"
    }
  }

  /// How to get the tables of another revision.
  func naming(_ revision: String) -> String {
    switch self {
    case .commandLine: "--with \(revision)=REVISION"
    case .shell: ".with \(revision)=REVISION"
    }
  }

  /// What lists all tables.
  var tableList: String {
    switch self {
    case .commandLine: "`aufdb schema STORE`"
    case .shell: ".tables"
    }
  }

  /// What explains a table.
  func page(of table: String) -> String {
    switch self {
    case .commandLine: "`aufdb schema STORE \(table)`"
    case .shell: ".schema \(table)"
    }
  }
}
