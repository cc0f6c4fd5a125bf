import Foundation
package import TransparencyLog

extension KeyRotationFiles {
  /// The public halves that `retire` kept beside the key, by the names of their files. What they signed is still the
  /// operator's; nothing is signed by them any more. A file that is not what its name says is passed over.
  package var retiredKeys: [NoteVerifierKey] {
    let folder = current.deletingLastPathComponent()
    let stem = current.deletingPathExtension().lastPathComponent
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasPrefix("\(stem).") && $0.hasSuffix(".vkey") }.sorted().compactMap { name in
      guard let bytes = FileManager.default.contents(atPath: folder.appending(path: name).path),
        let key = NoteVerifierKey(text: String(decoding: bytes, as: UTF8.self)), name == "\(stem).\(key.id).vkey"
      else { return nil }
      return key
    }
  }
}
