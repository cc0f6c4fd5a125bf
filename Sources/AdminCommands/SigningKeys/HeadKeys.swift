import TransparencyLog

/// The keys that may have signed a log's head, as far as this machine knows them.
struct HeadKeys: Sendable {
  /// Files with them.
  let files: KeyFiles
  /// Those that somebody named.
  var named: [NoteVerifierKey] = []

  /// The keys: read each time, since they may be rotated while a gateway runs. The one before signed heads that are still
  /// the newest until the next is signed.
  var current: [NoteVerifierKey] {
    let own = ServingKeys.headKey(files).flatMap(NoteVerifierKey.init(text:))
    let previous = (try? KeyFiles.signingKey(in: files.previousSigningKey))?.verifier
    return named + [own, previous].compactMap(\.self)
  }
}
