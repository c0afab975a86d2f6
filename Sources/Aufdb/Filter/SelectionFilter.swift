// The filter: prompts come in as JSON Lines, pairs go out as JSON Lines, and no store is needed. So other engines run
// the selection over their own shards, as a pipe.
//
//     in   {"prompt_id":"p1","rewards":[0.1,0.9],"lower":[0.0,0.7],"upper":[0.2,1.1]}
//     out  {"prompt_id":"p1","first":1,"second":0}
//
// A line in is one prompt, in any of the forms that imports read: LF or CRLF, a byte order mark before the first, blank
// lines passed over, plain, zstd or gzip. prompt_id is a text; every other key that is known holds one value a
// response, in one order: rewards, lower, upper, scores; models (texts); lengths (whole numbers), or responses, the
// texts themselves, whose lengths are counted in Unicode code points where there is no lengths; heads and features,
// an array a response. A key whose value is null counts as left out. Only the columns that the method needs are read;
// others are skipped, checked as JSON and no further. A method that needs none gets its k from whatever columns there
// are, which must agree. Keys that aren't known are ignored, and the same key twice is refused.
//
// Lines out come in the order of the lines in; `first` and `second` count the responses from 0. A prompt without a
// pair (fewer than two responses, or none of a model asked for) has no line, and is counted: whoever joins the two
// sides joins by prompt_id, and a line of nulls would have to be told apart by every reader. With `judgedCount` m > 2
// there is a line for each pair among m responses (all of them where k < m), in the order of PairDemand.swift: the
// first is the pair that the method picks alone, and the first c(c - 1)/2 are those among the first c responses.
//
// A pair depends on its own line, the method, the parameters and the seed, and on nothing else: not on the lines
// before, so neither on order nor on shards. A default that follows from what there is to see (whether
// `ultrafeedback` ranks by rewards or by scores) therefore follows from the columns of the line itself; and a run in
// which that would come out differently for two lines is stopped, for the pairs of one run go by one criterion: an
// option has to decide.

import AufdbAcquisition

/// What the filter is to do.
public struct FilterOptions: Sendable {
  /// The method's name; `SelectionMethods.names` lists them.
  public var method: String
  /// The method's own parameters, as text; those left out take their defaults.
  public var parameters: [String: String]
  /// 0 is a seed like any other.
  public var seed: UInt64
  /// How many responses of a prompt are compared with each other, at least 2; with more, prompts take O(k^2) memory.
  public var judgedCount: Int
  /// Whether the pair that was picked comes with its reasons, and rewards, bounds, scores and lengths are read for
  /// them where the line has them.
  public var explains: Bool
  /// Whether a bad line is passed over and counted, instead of ending the run.
  public var skipsBad: Bool

  public init(
    method: String, parameters: [String: String] = [:], seed: UInt64 = 0, judgedCount: Int = 2, explains: Bool = false,
    skipsBad: Bool = false
  ) {
    self.method = method
    self.parameters = parameters
    self.seed = seed
    self.judgedCount = judgedCount
    self.explains = explains
    self.skipsBad = skipsBad
  }
}

/// What the filter did.
public struct FilterReport: Sendable, Equatable {
  /// Lines that are prompts, with a pair or without one.
  public var promptCount = 0
  /// Lines that were written.
  public var pairCount = 0
  /// Prompts without a pair, by the reason.
  public var skipped: [SkipReason: Int] = [:]
  /// Responses whose reward lies outside their own bounds: allowed, but odd. Only where the method reads all three.
  public var rewardsOutsideBoundsCount = 0
  /// Bad lines that were passed over.
  public var badLineCount = 0
  /// What was wrong with the first of them.
  public var firstBadLine: AufdbError?
}

/// Picks pairs from a stream of prompts.
public struct SelectionFilter: Sendable {
  private let options: FilterOptions
  private let method: MethodOfLine

  /// How far a run is.
  public struct Progress: Sendable {
    /// Compressed bytes read.
    public var readBytes: Int
    /// The input's size; nil for a pipe.
    public var sizeBytes: Int?
    public var promptCount: Int
  }

  /// Prepares a filter.
  ///
  /// - Throws: `.usage`: an unknown method or parameter, a value out of range, fewer than two judged responses.
  public init(_ options: FilterOptions) throws(AufdbError) {
    guard options.judgedCount >= 2 else {
      throw AufdbError(.usage, "\(options.judgedCount) judged responses make no pair", hint: "at least 2 do")
    }
    self.options = options
    method = try MethodOfLine(options)
  }

  /// Reads all prompts, and writes their pairs as it goes.
  ///
  /// - Parameters:
  ///   - path: the file to read; `-` is standard input.
  ///   - output: takes whole lines, ends included; what it throws ends the run and comes out as it is.
  ///   - progress: called every 256 prompts.
  /// - Throws: `.badData` with the number of the line, after the pairs of the lines before it were written;
  ///   `.cannotOpenInput`; `.inputOutput`.
  /// - Complexity: constant memory but for the longest line; no allocation a line, unless one is longer than those
  ///   before or has escapes, or reasons or more than two responses are asked for.
  public func run(
    path: String = "-", output: (UnsafeRawBufferPointer) throws -> Void, progress: ((Progress) -> Void)? = nil
  ) throws -> FilterReport {
    let run = FilterRun(options, method)
    let name = path == "-" ? "standard input" : path
    var lines: LineReader
    do { lines = LineReader(try ByteSource(path: path)) } catch { throw AufdbError.translated(error) }
    while true {
      let next: LineReader.Line?
      do { next = try lines.next() } catch { throw AufdbError.translated(error) }
      guard let line = next else { return run.report }
      try run.take(line.bytes, at: AufdbError.Place(file: name, line: line.number), output)
      if run.report.promptCount & 255 == 0 {
        progress?(
          Progress(
            readBytes: lines.source.consumedBytes, sizeBytes: lines.source.sizeBytes,
            promptCount: run.report.promptCount))
      }
    }
  }
}
