import ArgumentParser
import Foundation
import Ledger
import LedgerStore
import TransparencyLog

/// `tally audit proof`.
struct AuditProofCommand: AsyncParsableCommand {
  /// How long a signer that is at work has for a head that covers the line.
  private static let headLimit = Duration.seconds(3)

  static let configuration = CommandConfiguration(
    commandName: "proof", abstract: "Prove that one line stands in a team's log.",
    discussion: """
      The proof is a text (c2sp.org/tlog-proof) that holds the line and a signed
      head; whoever has pinned the vkey needs nothing else. The index is that of a
      receipt or of an export. Where no gateway signs, the newest head there is has
      to cover it. --log proves a line of a log that another took the place of; a
      receipt names its log. Of a pruned line the proof holds hashes alone: who has
      its receipt can check it.

      Examples:
        tally audit proof acme 4711
        tally audit proof acme 4711 --out line-4711.proof
        tally audit proof acme 8 --log "$LOG"
      """)

  @Argument(help: "The team's id or name.") var team: String
  @Argument(help: "The line's index, from 0.") var index: Int64
  @Option(help: ArgumentHelp("One of the logs that the team has had, by its name.", valueName: "origin"))
  var log: String?
  @Option(help: ArgumentHelp("Where to write it; standard output otherwise. Not overwritten.", valueName: "file"))
  var out: String?
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard index >= 0 else { throw ValidationError("INDEX is counted from 0.") }
  }

  func run() async throws {
    let (head, line, proof) = try await database.withStore { store in try await find(store) }
    if line.isPruned {
      Console.current.note(
        "line \(index) was pruned: the proof holds hashes alone, and tally audit verify --receipt takes the leaf from a receipt"
      )
    }
    if let out { try write(proof.text, to: out) }
    guard output.asJSON || out != nil else { return Console.current.text(proof.text) }
    var row = OutputRow()
    row.add("log", "LOG", .string(head.origin))
    row.add("index", "LINE", .integer(index))
    row.add("leaf", nil, .string(line.leaf.base64))
    row.add("size", "LINES COVERED", .integer(head.size))
    row.add("signedAt", "SIGNED", .string(head.signedAt.rfc3339))
    row.add("proof", nil, .string(proof.text))
    if let out { row.add("file", "FILE", .string(out)) }
    try Console.current.show(row, asJSON: output.asJSON)
  }

  private func find(_ store: LedgerStore) async throws -> (LogHead, LoggedLine, LogProof) {
    let owner = try await store.logOwner(named: team).id
    let log = try await store.log(of: owner, named: self.log)
    guard let line = try await store.loggedLine(of: log, at: index) else {
      throw CommandFailure(
        .failed,
        "the log \(log.origin) has \(log.size) lines, counted from 0; there is no line \(index)"
          + (try await others(of: log, in: store)))
    }
    let head = try await log.isReplaced ? oldHead(of: log, in: store) : head(of: log, in: store)
    return (head, line, try await store.proof(of: line, under: head, base: log.base))
  }

  private func head(of log: TeamLog, in store: LedgerStore) async throws -> LogHead {
    let isSigned = try await store.signerLease().map { !$0.hasEnded } ?? false
    let limit = isSigned ? Self.headLimit : .zero
    if let head = try await store.signedHead(of: log.team, covering: index + 1, within: limit) { return head }
    let newest = try await store.newestHead(of: log)
    let reach = newest.map { "the newest head covers \($0.size) lines and is of \($0.signedAt.rfc3339)" }
    throw CommandFailure(
      .failed,
      "line \(index) is under no signed head yet: \(reach ?? "no head was ever signed"). "
        + (isSigned ? "Try again in a moment" : "No gateway signs; start one that has the key and the state file"))
  }

  /// The newest head of a log that another took the place of: nothing is signed of it any more.
  private func oldHead(of log: TeamLog, in store: LedgerStore) async throws -> LogHead {
    let newest = try await store.newestHead(of: log)
    if let newest, newest.size > index { return newest }
    let reach = newest.map { "the newest head of it covers \($0.size) lines" } ?? "no head of it was signed"
    throw CommandFailure(
      .failed,
      "nothing proves line \(index) of \(log.origin): \(reach). tally audit export --log has it, with a head that you hold (--known-head), or alone (--format jsonl)"
    )
  }

  private func others(of log: TeamLog, in store: LedgerStore) async throws -> String {
    let others = try await store.logs(of: log.team).filter { $0.origin != log.origin }
    guard !others.isEmpty else { return "" }
    return ". The team has had other logs, which --log names: \(others.map(\.origin).joined(separator: ", "))"
  }

  private func write(_ text: String, to path: String) throws {
    guard !FileManager.default.fileExists(atPath: path) else {
      throw CommandFailure(.failed, "\(path) is there already and is not overwritten")
    }
    do {
      try Data(text.utf8).write(to: URL(filePath: path), options: .withoutOverwriting)
    } catch {
      throw CommandFailure(.failed, "\(path) cannot be written")
    }
  }
}
