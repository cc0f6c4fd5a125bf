import Ledger
import TransparencyLog

/// The lines of a bundle and nothing else of it.
///
/// Where another file was altered, lines that lead to the signed head may contradict what the reader holds all the same, and
/// that counts more: a byte behind a table must not hide it.
struct SignedLines {
  private var root: StreamingRoot
  private var leaves: [Int64: VerifiedRange.Leaf] = [:]
  private var receiptKeys: [NoteVerifierKey] = []
  private var recovered: LogRecovered?

  /// The contradiction of what was signed with what the reader holds; nil where there is none, and where the lines do not lead
  /// to the signed head or cannot be read.
  static func contradiction(_ reader: BundleVerifier) -> Verification? {
    var files = BundleFiles(folder: reader.folder)
    files.checksHashes = false
    guard let manifest = try? files.manifestAlone(),
      let ties = try? BundleTies(manifest, files, pinnedKeys: reader.pinnedKeys, forLinesAlone: true),
      let held = try? HeldTexts(reader, ties, manifest), held.isAnything
    else { return nil }
    if let contradiction = held.contradictionOfHeads() { return contradiction }
    guard let lines = try? SignedLines(manifest, files, ties, held) else { return nil }
    return try? held.contradiction(
      lines.root, lines.leaves, announced: lines.receiptKeys, recovered: lines.recovered)
  }

  /// Reads them. Throws where they do not lead to the signed head.
  private init(
    _ manifest: BundleManifest, _ files: BundleFiles, _ ties: BundleTies, _ held: HeldTexts
  ) throws {
    root = StreamingRoot(peaks: ties.peaks, keepingRootsAt: held.sizes)
    let texts = LineTexts()
    let wanted = held.indexes
    for file in manifest.lineFiles {
      let reader = try LineFile(files.path(file.name), maximumLineBytes: Line.byteCountMaximum)
      while root.size < manifest.to, let line = try reader.next() {
        let (header, event) = try Line.parse(line, texts: texts)
        let index = root.size
        let leaf = root.append(line: line)
        if wanted.contains(index) { leaves[index] = VerifiedRange.Leaf(hash: leaf, at: header.at) }
        note(event)
      }
    }
    try ties.toProof.verify(oldRoot: root.root, newRoot: ties.head.root)
  }

  private mutating func note(_ event: Event) {
    switch event {
    case .logKeyAnnounced(let event) where event.use == .receipt: note(key: event.vkey)
    case .logKeyRotated(let event) where event.use == .receipt: note(key: event.new)
    case .logRecovered(let event): recovered = event
    default: break
    }
  }

  private mutating func note(key: String) {
    if let key = NoteVerifierKey(text: key) { receiptKeys.append(key) }
  }
}
