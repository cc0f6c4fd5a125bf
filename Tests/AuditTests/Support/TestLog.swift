import Audit
import Foundation
import Ledger
import TransparencyLog

/// A log as its keeper has it: lines, the tree over them, and a key. It exports honestly whatever the lines are.
struct TestLog {
  var team: TeamID
  var lines: [[UInt8]]
  var secrets: [LineSecret?]
  var origin: String
  /// The book that it begins with, where it took another's place.
  var opening: [UInt8]?
  /// Books that its keeper says it had at these lines, whatever the lines before tell.
  var forgedBooks: [Int64: [UInt8]] = [:]
  var key = TestLog.key

  /// The keeper's key, the same for every log.
  static let key = NoteSigningKey(newNamed: AuditedTeam.logName)!

  /// The log of a team.
  init(_ team: AuditedTeam) {
    self.team = team.book.team.id
    lines = team.lines
    secrets = team.secrets
    origin = team.book.origin
  }

  var size: Int64 { Int64(lines.count) }

  private var rows: TreeRows {
    var rows = TreeRows()
    var peaks = Peaks()
    for (index, line) in lines.enumerated() {
      let leaf = LeafHash.hash(line)
      try? rows.add(index: Int64(index), leaf: leaf, nodes: peaks.append(leaf).flatMap(\.bytes))
    }
    return rows
  }

  /// The peaks of the first `size` lines.
  func peaks(_ size: Int64) -> Peaks {
    var peaks = Peaks()
    for line in lines.prefix(Int(size)) { peaks.add(LeafHash.hash(line)) }
    return peaks
  }

  /// The signed head of the first `size` lines.
  func head(_ size: Int64) throws -> SignedNote {
    try Checkpoint(origin: origin, size: size, root: peaks(size).root).signed(by: key)
  }

  /// The receipt for a line.
  func receipt(_ index: Int64, by key: NoteSigningKey) throws -> SignedNote {
    let line = lines[Int(index)]
    let at = try Line.parse(line).0.at.rfc3339
    return try LogReceipt(origin: origin, index: index, leaf: LeafHash.hash(line), at: at).signed(by: key)
  }

  /// The proof of one line, by the head of all of them.
  func lineProof(_ index: Int64) throws -> LogProof {
    let inclusion = try InclusionProof(index: index, size: size, from: rows.hash)
    return try LogProof(line: lines[Int(index)], inclusion: inclusion, checkpoint: try head(size))
  }

  func proof(_ old: Int64, _ new: Int64) throws -> [Digest] {
    let rows = rows
    return try ConsistencyProof(oldSize: old, newSize: new, from: { rows.hash(of: $0) }).hashes
  }

  /// What an export of `from..<to` is made of, with the head at `headSize`.
  func range(
    from: Int64 = 0, to: Int64? = nil, headSize: Int64? = nil, known: Int64? = nil, hasSecrets: Bool = true
  ) throws -> BundleRange {
    let headSize = headSize ?? size
    let to = to ?? size
    var state: [UInt8]?
    if let forged = forgedBooks[from] {
      state = forged
    } else if let opening {
      var book = try BookText.read(opening)
      for line in lines.prefix(Int(from)) { try book.replay(line) }
      state = from == 0 ? opening : BookText.write(book)
    } else if from > 0 {
      state = BookText.write(try TeamBook.replay(lines: lines.prefix(Int(from))))
    }
    return BundleRange(
      team: team, from: from, to: to, peaks: peaks(from).hashes, state: state, checkpoint: try head(headSize),
      key: key.verifier, toProof: try proof(to, headSize),
      knownProof: try known.map { try proof(min($0, headSize), max($0, headSize)) }, hasSecrets: hasSecrets)
  }

  /// Writes an export into a new folder.
  func export(
    from: Int64 = 0, to: Int64? = nil, headSize: Int64? = nil, known: Int64? = nil, hasSecrets: Bool = true,
    limits: BundleLimits = TestLog.smallFiles
  ) throws -> TestBundle {
    let range = try range(from: from, to: to, headSize: headSize, known: known, hasSecrets: hasSecrets)
    let bundle = try TestBundle()
    let writer = try BundleWriter(range, in: bundle.folder, limits: limits)
    try write(to: writer, until: range.to)
    _ = try writer.finish()
    return bundle
  }

  /// Gives `writer` the lines that it wants, up to `end`.
  func write(to writer: BundleWriter, until end: Int64) throws {
    while writer.nextIndex < end {
      let index = Int(writer.nextIndex)
      try writer.append(lines[index], secret: secrets[index])
    }
  }

  /// Several files for few lines.
  static let smallFiles = BundleLimits(lines: 37, bytes: 40_000)
}
