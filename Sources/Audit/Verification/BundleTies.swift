import TransparencyLog

/// What ties a bundle's lines to a signed head: small files, read and found to fit together.
struct BundleTies {
  /// The note that was signed.
  let note: SignedNote
  let head: Checkpoint
  /// The key by which the signature was found good: the pinned one, or the bundle's own.
  let key: NoteVerifierKey
  let peaks: Peaks
  let toProof: ConsistencyProof
  let knownProof: [Digest]?
  let state: [UInt8]?

  /// Reads them; `forLinesAlone`: only what leads from the lines to the head. Throws a `BundleFault`, and a `FileError`.
  init(
    _ manifest: BundleManifest, _ files: BundleFiles, pinnedKey: NoteVerifierKey?, forLinesAlone: Bool = false
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
    key = pinnedKey ?? ownKey
    let noteBytes = try small(BundleFile.checkpoint)
    let note = try BundleTies.reading(BundleFile.checkpoint) { try SignedNote(bytes: noteBytes) }
    let key = key
    if pinnedKey != nil, (try? note.verify([key])) == nil, (try? note.verify([ownKey])) != nil {
      throw BundleFault(
        BundleFile.checkpoint,
        "cannot be relied on: it is signed by \(BundleFile.key), and not by the key that you pinned. It is another's, or the "
          + "operator has rotated the key since: the log tells of that (log.key_rotated)")
    }
    head = try BundleTies.reading(BundleFile.checkpoint) {
      try Checkpoint(note, signedBy: [key], origin: manifest.log)
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
