import TransparencyLog

/// What ties a bundle's lines to a signed head: small files, read and found to fit together.
struct BundleTies {
  /// The note that was signed.
  let note: SignedNote
  let head: Checkpoint
  /// The keys by which signatures are judged, here and on what the reader holds: the pinned ones, or the bundle's own.
  let keys: [NoteVerifierKey]
  let peaks: Peaks
  let toProof: ConsistencyProof
  let knownProof: [Digest]?
  let state: [UInt8]?

  /// Reads them; `forLinesAlone`: only what leads from the lines to the head. Throws a `BundleFault`, and a `FileError`.
  init(
    _ manifest: BundleManifest, _ files: BundleFiles, pinnedKeys: [NoteVerifierKey], forLinesAlone: Bool = false
  ) throws {
    func small(_ name: String) throws -> [UInt8] {
      try files.read(name, manifest, maximumBytes: BundleVerifier.maximumSmallBytes)
    }
    func hashes(_ name: String) throws -> [Digest] {
      try BundleTies.reading(name) { try HashLines.parse(try small(name)) }
    }
    let keyText = try small(BundleFile.key)
    guard let ownKey = String(validating: keyText, as: UTF8.self).flatMap(NoteVerifierKey.init(text:)),
      keyText == Array("\(ownKey.text)\n".utf8)
    else { throw BundleFault(BundleFile.key, "is no vkey") }
    keys = pinnedKeys.isEmpty ? [ownKey] : pinnedKeys
    let noteBytes = try small(BundleFile.checkpoint)
    let note = try BundleTies.reading(BundleFile.checkpoint) { try SignedNote(bytes: noteBytes) }
    let keys = keys
    if !pinnedKeys.isEmpty, (try? note.verify(keys)) == nil, (try? note.verify([ownKey])) != nil {
      throw BundleFault(
        BundleFile.checkpoint,
        "cannot be relied on: it is signed by \(BundleFile.key), and by no key that you pinned. It is another's, or the operator "
          + "has rotated the key since, of which the log tells (log.key_rotated): pin the new key besides, once you have it from "
          + "the operator")
    }
    head = try BundleTies.reading(BundleFile.checkpoint) {
      try Checkpoint(note, signedBy: keys, origin: manifest.log)
    }
    try BundleTies.reading(BundleFile.key) { _ = try note.verify([ownKey]) }
    self.note = note
    guard head.size >= manifest.to else {
      throw BundleFault(BundleFile.checkpoint, index: head.size, "does not reach to the range's end")
    }
    let peakHashes = try hashes(BundleFile.peaks)
    peaks = try BundleTies.reading(BundleFile.peaks) { try Peaks(size: manifest.from, hashes: peakHashes) }
    toProof = ConsistencyProof(
      oldSize: manifest.to, newSize: head.size, hashes: try hashes(BundleFile.toProof))
    knownProof = forLinesAlone || manifest.file(BundleFile.knownProof) == nil ? nil : try hashes(BundleFile.knownProof)
    state =
      forLinesAlone || manifest.file(BundleFile.state) == nil
      ? nil : try files.read(BundleFile.state, manifest, maximumBytes: BundleVerifier.maximumStateBytes)
  }

  /// Turns what `body` throws into a fault of the file of that name.
  private static func reading<Value>(_ name: String, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as TextError {
      throw BundleFault(name, "cannot be read: \(error)")
    } catch let error as NoteError {
      throw BundleFault(name, "cannot be relied on: \(error)")
    } catch let error as PeaksError {
      throw BundleFault(name, "cannot be right: \(error)")
    }
  }
}
