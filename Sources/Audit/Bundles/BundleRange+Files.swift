import Foundation
import Ledger
import TransparencyLog

/// The range as it stands in the folder of an export: its ties are files of the bundle, the rest stands in one that is
/// removed with the last step.
extension BundleRange {
  private struct Unfinished: Codable {
    var teamId: String
    var from: Int64
    var to: Int64
    var hasSecrets: Bool
  }

  /// The files that tie the range to its head, by name, in the order in which they are written.
  var ties: [(name: String, bytes: [UInt8])] {
    var ties = [
      (BundleFile.checkpoint, checkpoint.bytes), (BundleFile.key, Array("\(key.text)\n".utf8)),
      (BundleFile.peaks, Array(HashLines.text(peaks).utf8)), (BundleFile.toProof, Array(HashLines.text(toProof).utf8)),
    ]
    if let knownProof { ties.append((BundleFile.knownProof, Array(HashLines.text(knownProof).utf8))) }
    if let state { ties.append((BundleFile.state, state)) }
    return ties
  }

  /// Writes what `init(unfinishedIn:)` reads. Throws a `FileError`.
  func keep(in folder: String) throws {
    for tie in ties { try WholeFile.write(tie.bytes, to: "\(folder)/\(tie.name)") }
    let rest = Unfinished(teamId: team.description, from: from, to: to, hasSecrets: hasSecrets)
    // Last: where it is whole, all of the others are.
    try WholeFile.write(Array(try JSONEncoder().encode(rest)), to: "\(folder)/\(BundleFile.unfinished)")
  }

  /// The range of the export that was cut in `folder`; nil where none was. Throws a `FileError`, or an `ExportError` where
  /// what was kept cannot be read.
  package init?(unfinishedIn folder: String) throws {
    guard FileManager.default.fileExists(atPath: "\(folder)/\(BundleFile.unfinished)") else { return nil }
    func bytes(_ name: String) throws -> [UInt8] {
      try WholeFile.read("\(folder)/\(name)", maximumBytes: BundleVerifier.maximumStateBytes)
    }
    func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(folder)/\(name)") }
    guard let rest = try? JSONDecoder().decode(Unfinished.self, from: Data(try bytes(BundleFile.unfinished))),
      let team = TeamID(rest.teamId),
      let key = NoteVerifierKey(text: String(decoding: try bytes(BundleFile.key), as: UTF8.self))
    else { throw ExportError("the export in \(folder) cannot be gone on with: remove it") }
    self.init(
      team: team, from: rest.from, to: rest.to, peaks: try HashLines.parse(try bytes(BundleFile.peaks)),
      state: has(BundleFile.state) ? try bytes(BundleFile.state) : nil,
      checkpoint: try SignedNote(bytes: try bytes(BundleFile.checkpoint)), key: key,
      toProof: try HashLines.parse(try bytes(BundleFile.toProof)),
      knownProof: has(BundleFile.knownProof) ? try HashLines.parse(try bytes(BundleFile.knownProof)) : nil,
      hasSecrets: rest.hasSecrets)
  }
}
