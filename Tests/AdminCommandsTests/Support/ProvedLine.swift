import Foundation
import Ledger
import TransparencyLog

/// The only line of a log, and what its keeper says of it.
struct ProvedLine {
  let key: NoteSigningKey
  let origin: String
  let leaf: Digest
  let proof: LogProof
  private let at: Timestamp

  /// A line of a team's log.
  init() throws {
    guard let key = NoteSigningKey(newNamed: "tally.example"),
      let at = Timestamp(canonical: "2026-11-01T00:00:00.000000Z")
    else { throw CancellationError() }
    let team = TeamID(bits: 0x7ea)
    let book = TeamBook.empty(teamID: team, origin: "tally.example/\(team)")
    let context = DecisionContext(
      at: at, month: .utcMonth(containing: at), prices: PriceBook([]), actor: .operator, commitment: .zero)
    let events = try book.decide(.createTeam(CreateTeamCommand(limit: Credits(5), period: .month)), context).events
    let line = Line.write(events[0], LineHeader(nextOf: book, context))
    self.key = key
    self.at = at
    origin = book.origin
    leaf = LeafHash.hash(line)
    proof = try LogProof(
      line: line, inclusion: InclusionProof(index: 0, size: 1, hashes: []),
      checkpoint: Checkpoint(origin: origin, size: 1, root: leaf).signed(by: key))
  }

  /// A head of one line with this root, or the line's own.
  func head(root: Digest? = nil) throws -> SignedNote {
    try Checkpoint(origin: origin, size: 1, root: root ?? leaf).signed(by: key)
  }

  /// The line's receipt.
  func receipt() throws -> SignedNote {
    try LogReceipt(origin: origin, index: 0, leaf: leaf, at: at.rfc3339).signed(by: key)
  }

  /// The proof that the operator's log covers the line's head alone, as docs/audit.md has it, and the head of that log.
  func headProof() throws -> (text: String, operators: SignedNote) {
    let covered = try CoveredHead(origin: origin, size: 1, root: leaf)
    guard let root = Digest32(bytes: covered.leaf.bytes) else { throw CancellationError() }
    let log = "tally.example/operator"
    let header = LineHeader(log: log, index: 0, at: at, actor: .operator, private: .zero)
    let line = Line.write(.headsCovered(HeadsCovered(count: 1, root: root)), header)
    let operators = try Checkpoint(origin: log, size: 1, root: LeafHash.hash(line)).signed(by: key)
    let proof = try LogProof(
      line: line, inclusion: InclusionProof(index: 0, size: 1, hashes: []), checkpoint: operators)
    let text = """
      tally.local/head-proof@v1
      head \(origin) 1 \(leaf.base64)
      index 0
      count 1

      \(proof.text)
      """
    return (text, operators)
  }
}
