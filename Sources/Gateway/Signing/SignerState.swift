import Crypto
package import Ledger
import TransparencyLog

/// All that was ever signed, as the signer's state file has it: the newest head of each log by the log's name.
///
///     tally-signer-state 1
///     id 0190163d-8694-739b-aea5-966c26f8ad91
///     log tally.local/9f…c1 4711 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU= 5d41402abc4b2a76
///
/// A later line of a log takes the place of an earlier one. The last word of a line is a part of the SHA-256 over it and
/// the last word before, so that no line can be changed, taken out or moved without notice. A last line without an end
/// was being written when the machine stopped: nothing of it was signed.
package struct SignerState: Sendable, Hashable {
  /// Largest file that is read, in bytes: far above what a million logs need.
  package static let longestFile = 1 << 30
  /// Most logs of one signer.
  package static let logCountMaximum = 4_000_000
  /// Longest name of a log, in bytes.
  package static let longestOrigin = 1_024

  /// The random id that the lease names too.
  package var id: SignerStateID
  /// The newest signed heads.
  package var heads: [String: SignedSize]

  /// A state with these heads.
  package init(id: SignerStateID, heads: [String: SignedSize] = [:]) {
    self.id = id
    self.heads = heads
  }

  /// Whether a log of this name can be signed: printable ASCII without blanks.
  package static func isOrigin(_ origin: String) -> Bool {
    (1...longestOrigin).contains(origin.utf8.count) && origin.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
  }
}

extension SignerState {
  private static let heading = "tally-signer-state 1"

  /// The whole text, one line for each log.
  package var text: String {
    var chain = SignerStateChain(id: id)
    var text = chain.heading
    for (origin, signed) in heads.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
      text += chain.line(of: NewHead(origin: origin, signed: signed))
    }
    return text
  }

  /// The state that `bytes` write, with the chain to go on from, how many lines of logs there are, and how many bytes
  /// are whole.
  ///
  /// Throws a `SignerStateFault` where anything is not as it was written.
  static func read(
    _ bytes: [UInt8]
  ) throws(SignerStateFault) -> (state: SignerState, chain: SignerStateChain, lineCount: Int, byteCount: Int) {
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    // What is behind the last line feed: nothing, or what was being written.
    let rest = lines.popLast()?.count ?? 0
    guard lines.count >= 2, lines[0].elementsEqual(heading.utf8) else { throw SignerStateFault(line: 1) }
    let idWord = "id "
    guard lines[1].starts(with: idWord.utf8),
      let id = SignerStateID(String(decoding: lines[1].dropFirst(idWord.utf8.count), as: UTF8.self))
    else { throw SignerStateFault(line: 2) }
    var chain = SignerStateChain(id: id)
    guard bytes.starts(with: chain.heading.utf8) else { throw SignerStateFault(line: 2) }
    var state = SignerState(id: id)
    for (index, line) in lines.enumerated().dropFirst(2) {
      guard let head = head(of: line), chain.line(of: head).utf8.dropLast().elementsEqual(line),
        (state.heads[head.origin]?.size ?? 0) <= head.signed.size
      else { throw SignerStateFault(line: index + 1) }
      state.heads[head.origin] = head.signed
      guard state.heads.count <= logCountMaximum else { throw SignerStateFault(line: index + 1) }
    }
    return (state, chain, lines.count - 2, bytes.count - rest)
  }

  private static func head(of line: ArraySlice<UInt8>) -> NewHead? {
    let words = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard words.count == 5, words[0].elementsEqual("log".utf8),
      let origin = String(validating: words[1], as: UTF8.self), isOrigin(origin),
      let size = Int64(String(decoding: words[2], as: UTF8.self)), (0...Peaks.maximumSize).contains(size),
      let root = Digest(base64: words[3])
    else { return nil }
    return NewHead(origin: origin, signed: SignedSize(size: size, root: root))
  }

  /// Writes lines, each with a part of the hash over itself and the one before.
  struct SignerStateChain: Sendable {
    /// Bytes of the hash that a line shows, in hexadecimal.
    private static let shownBytes = 8

    let heading: String
    private var last: String

    init(id: SignerStateID) {
      heading = "\(SignerState.heading)\nid \(id)\n"
      last = heading
    }

    /// The next line, with its line feed.
    mutating func line(of head: NewHead) -> String {
      let line = "log \(head.origin) \(head.signed.size) \(head.signed.root.base64)"
      let hash = SHA256.hash(data: Array("\(last)\(line)".utf8)).prefix(Self.shownBytes)
      last = hash.map { byte in
        let digits = String(byte, radix: 16)
        return byte < 16 ? "0" + digits : digits
      }.joined()
      return "\(line) \(last)\n"
    }
  }
}

/// A signer's state file that is not as it was written: nothing may be signed by it.
package struct SignerStateFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// Number of the first line that is wrong, from 1.
  package var line: Int

  package var description: String { "line \(line) of the signer's state file is damaged" }
}
