import ArgumentParser
import Audit
import Ledger
import LedgerStore
import TransparencyLog

/// `tally audit anchor`: heads to be carried away.
struct AuditAnchorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "anchor",
    abstract: "Write the newest signed heads of all logs into one file, to be carried away.",
    discussion: """
      For a cron job that takes the file to where the operator of the gateway cannot
      change it. It has a line for each log, the operator's own first, and appears
      whole or not at all. Auditors give it to tally audit verify --known-head. When
      a head was signed, signedAt, is the operator's word: the head has no time in it.

      With --team the file proves that the operator's log covers the team's head,
      and names no other team.

      Examples:
        tally audit anchor --out heads.jsonl
        tally audit anchor --out acme.head-proof --team acme
      """)

  @Option(help: ArgumentHelp("The file to write.", valueName: "file")) var out: String
  @Option(help: ArgumentHelp("Prove that the operator's log covers this team's head.", valueName: "team"))
  var team: String?
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  /// Logs that are read at once.
  private static let logsPerPage = 500
  /// How long a head of the operator's log that covers its newest line is waited for.
  private static let patience = Duration.seconds(2)

  func run() async throws {
    try await database.withStore { store in
      if let team {
        try await prove(try await store.team(named: team).id, in: store)
      } else {
        try await writeHeads(of: store)
      }
    }
  }

  private func writeHeads(of store: LedgerStore) async throws {
    var (unsigned, operators): (Int64, Int64?) = (0, nil)
    let writer = try writing { try AnchorWriter(out) }
    var after: TeamID?
    while true {
      let tips = try await store.logTips(after: after, limit: Self.logsPerPage)
      for tip in tips {
        guard let head = tip.head else {
          unsigned += 1
          continue
        }
        try writing {
          try writer.append(
            log: head.origin, size: head.size, root: head.root, note: head.note, signedAt: head.signedAt)
        }
        if tip.team == .operatorLog { operators = head.size }
      }
      guard tips.count == Self.logsPerPage, let last = tips.last else { break }
      after = last.team
    }
    guard writer.count > 0 else {
      throw CommandFailure(
        .failed, "no head was signed yet: a gateway with the signing key signs them (`tally serve`)")
    }
    try writing { try writer.finish() }
    var row = OutputRow()
    row.add("file", "File", .string(out))
    row.add("heads", "Heads", .integer(writer.count))
    row.add("operatorSize", "Operator's log, lines", .optional(operators))
    row.add("unsigned", "Logs without a head", .integer(unsigned))
    try Console.current.show(row, asJSON: output.asJSON)
  }

  private func prove(_ team: TeamID, in store: LedgerStore) async throws {
    let place = try await store.coveredPlace(of: team)
    let index = place.covering.index
    guard index >= 0, let line = try await store.loggedLine(of: .operatorLog, at: index) else {
      throw CommandFailure(.failed, "the operator's log was opened anew, and covers no heads yet; try again later")
    }
    guard let head = try await store.signedHead(of: .operatorLog, covering: index + 1, within: Self.patience) else {
      throw CommandFailure(
        .failed, "no signed head reaches to line \(index) of the operator's log yet; try again while a gateway signs")
    }
    let rows = try await store.treeRows(
      of: .operatorLog, try InclusionProof.plan(index: index, size: head.size).rows)
    let inclusion = try InclusionProof(index: index, size: head.size, from: rows.hash)
    let proof = HeadProof(
      head: place.head, inclusion: place.proof,
      line: try LogProof(line: line.line, inclusion: inclusion, checkpoint: try SignedNote(bytes: head.note)))
    try writing { try proof.write(to: out) }
    var row = OutputRow()
    row.add("file", "File", .string(out))
    row.add("log", "Log", .string(place.head.origin))
    row.add("size", "Lines covered", .integer(place.head.size))
    row.add("operatorLog", "Operator's log", .string(head.origin))
    row.add("index", "Its line", .integer(index))
    try Console.current.show(row, asJSON: output.asJSON)
  }

  private func writing<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as FileError {
      throw CommandFailure(.failed, error.description)
    }
  }
}
