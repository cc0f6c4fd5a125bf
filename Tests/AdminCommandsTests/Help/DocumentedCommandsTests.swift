import Foundation
import Testing

/// What the documents tell people to type is there.
@Suite("Documented commands")
struct DocumentedCommandsTests {
  /// A command in a document: indented as code, or between backquotes.
  struct Shown: Sendable, CustomTestStringConvertible {
    var document: String
    var text: String

    var testDescription: String { "\(document): \(text)" }
  }

  private static let checkout = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")

  private static let documents: [URL] = {
    let folder = checkout.appending(path: "docs")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return [checkout.appending(path: "README.md")]
      + names.sorted().filter { $0.hasSuffix(".md") }.map { folder.appending(path: $0) }
  }()

  static let shown = documents.flatMap { file in
    ((try? String(contentsOf: file, encoding: .utf8)) ?? "").split(separator: "\n").flatMap { line in
      commands(in: String(line)).map { Shown(document: file.lastPathComponent, text: $0) }
    }
  }

  /// The parts of a line that are code and call `tally`, without what stands in front.
  private static func commands(in line: String) -> [String] {
    let isIndented = line.hasPrefix("    ")
    let pieces = line.split(separator: "`", omittingEmptySubsequences: false).enumerated()
    return pieces.compactMap { number, piece in
      guard isIndented || !number.isMultiple(of: 2) else { return nil }
      let code = piece.split(separator: "#", omittingEmptySubsequences: false).first ?? ""
      var words = code.split(separator: " ").drop { $0 != "tally" && !$0.hasSuffix("/tally") }
      guard words.popFirst() != nil else { return nil }
      let isCall = words.first?.allSatisfy { $0.isLowercase || $0 == "-" } ?? false
      return isCall ? words.joined(separator: " ") : nil
    }
  }

  /// The verb that a command calls, the longest one that fits.
  private static func verb(of words: [String]) -> HelpTests.Verb? {
    HelpTests.verbs.filter { words.starts(with: $0.words.dropFirst()) }.max { $0.words.count < $1.words.count }
  }

  @Test("Its verb is there, with each option that is shown", arguments: shown)
  func whatIsShownIsThere(command: Shown) throws {
    var words = command.text.split(separator: " ").map { String($0.prefix { $0 != "|" && $0 != "…" }) }
    if words.first == "help" { words.removeFirst() }
    let verb = try #require(Self.verb(of: words))
    if words.first?.hasPrefix("-") != true, words.first != "VERB" {
      #expect(verb.words.count > 1, "tally has no such verb")
      #expect(verb.isLeaf || words.count == verb.words.count - 1, "\(verb.testDescription) has no such verb")
    }
    let known = Set(verb.help.matches(of: /--[a-z][a-z-]*/).map { String($0.output) })
    // Below a listing of several verbs the options are those of one of them.
    guard verb.words.count > 1, !command.text.contains(" | ") else { return }
    for option in command.text.matches(of: /--[a-z][a-z-]*/).map({ String($0.output) }) {
      #expect(known.contains(option), "\(verb.testDescription) has no \(option)")
    }
  }

  @Test("Links between documents lead somewhere", arguments: documents)
  func linksLeadSomewhere(file: URL) throws {
    let text = try String(contentsOf: file, encoding: .utf8)
    for link in text.matches(of: /\]\(([^)#:\s]+)(?:#[^)]*)?\)/) {
      let target = file.deletingLastPathComponent().appending(path: String(link.output.1))
      #expect(FileManager.default.fileExists(atPath: target.path), "\(link.output.1)")
    }
    #expect(Self.shown.count > 50, "no commands are found any more")
  }
}
