import Foundation
import Ledger
import TransparencyLog

extension BundleManifest {
  /// The manifest that `bytes` write.
  ///
  /// Throws a `BundleFault` where it is not exactly what `text` writes of it, or says what cannot be.
  package init(bytes: [UInt8]) throws(BundleFault) {
    guard let manifest = try? JSONDecoder().decode(BundleManifest.self, from: Data(bytes)) else {
      throw BundleFault(BundleFile.manifest, "is no manifest of a bundle")
    }
    guard manifest.version == BundleManifest.currentVersion else {
      throw BundleFault(BundleFile.manifest, "is of version \(manifest.version), which is not known")
    }
    // Texts first: they are put back into JSON without a thought of quotes.
    try manifest.checkTexts()
    // One text for one manifest, so nothing can hide in how it is written.
    guard manifest.text == bytes else { throw BundleFault(BundleFile.manifest, "is not in its canonical form") }
    try manifest.checkRange()
    try manifest.checkFiles()
    self = manifest
  }

  private func checkTexts() throws(BundleFault) {
    let texts = [log, teamId] + [fromTime, toTime].compactMap(\.self) + files.flatMap { [$0.name, $0.sha256] }
    guard texts.allSatisfy(Token.isValid), filters.isEmpty else {
      throw BundleFault(BundleFile.manifest, "holds a text that cannot stand in it")
    }
  }

  private func checkRange() throws(BundleFault) {
    guard complete else { throw BundleFault(BundleFile.manifest, "says that lines are missing") }
    guard let team, team.description.utf8.elementsEqual(teamId.utf8),
      BundleRange.isLog(log, of: team)
    else { throw BundleFault(BundleFile.manifest, "names a log that is not its team's") }
    guard 0 <= from, from <= to, to <= Peaks.maximumSize else {
      throw BundleFault(BundleFile.manifest, "names no range: from \(from) to \(to)")
    }
  }

  private func checkFiles() throws(BundleFault) {
    let lineFiles = lineFiles
    guard lineFiles.count <= BundleFile.maximumLineFiles else {
      throw BundleFault(BundleFile.manifest, "names too many files")
    }
    guard from < to || file(BundleFile.state) == nil else { throw BundleFault(BundleFile.state, "is named by no line") }
    let names = BundleFile.names(
      lineFiles: lineFiles.count, hasKnownProof: file(BundleFile.knownProof) != nil,
      hasState: from > 0 && from < to || file(BundleFile.state) != nil, hasSecrets: file(BundleFile.secrets) != nil)
    guard files.map(\.name).elementsEqual(names, by: { $0.utf8.elementsEqual($1.utf8) }) else {
      throw BundleFault(BundleFile.manifest, "does not name the files that a bundle has")
    }
    for file in files where !BundleFile.isLines(file.name) {
      guard file.firstIndex == nil, file.lastIndex == nil, (file.rows != nil) == BundleFile.tables.contains(file.name)
      else { throw BundleFault(BundleFile.manifest, "says of \(file.name) what is not said of such a file") }
    }
    var next = from
    for file in lineFiles {
      guard file.firstIndex == next, let last = file.lastIndex, last >= next, last < to, file.rows == last - next + 1
      else { throw BundleFault(BundleFile.manifest, index: next, "does not name the lines in their order") }
      next = last + 1
    }
    guard next == to else {
      throw BundleFault(BundleFile.manifest, index: next, "names fewer lines than its range has")
    }
  }
}
