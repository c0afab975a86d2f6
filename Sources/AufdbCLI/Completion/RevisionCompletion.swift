// Branches and tags for the completion of shells: those of the store that stands on the command line.

import ArgumentParser
import Aufdb

extension CompletionKind {
  /// The branches and tags of the store on the line.
  static var revision: CompletionKind { .custom { words, _, prefix in RevisionCompletion.names(words, prefix) } }
}

enum RevisionCompletion {
  /// - Parameters:
  ///   - words: the command line, as it is typed, quotes included.
  ///   - prefix: the word up to the cursor.
  static func names(_ words: [String], _ prefix: String) -> [String] {
    // The store is the first of the words that is one: behind the program, the verb and maybe its subverb.
    var names: [String] = []
    for word in words.dropFirst(2) where names.isEmpty && !word.hasPrefix("-") {
      names = RefNames.names(at: unquoted(word))
    }
    // A range's first side stays: A..B.
    guard let dots = prefix.indices.last(where: { prefix[$0...].hasPrefix("..") }) else { return names }
    let start = prefix[...prefix.index(after: dots)]
    return names.map { start + $0 }
  }

  /// The word without quotes and backslashes, as a shell reads most words.
  private static func unquoted(_ word: String) -> String {
    var text = ""
    var isEscaped = false
    for character in word {
      if !isEscaped, character == "\\" {
        isEscaped = true
      } else {
        if isEscaped || (character != "'" && character != "\"") { text.append(character) }
        isEscaped = false
      }
    }
    return text
  }
}
