package import Ledger

/// What a bundle says of itself: which range of which log it holds, and which files (docs/audit.md, the export bundle).
package struct BundleManifest: Hashable, Sendable, Codable {
  /// One file.
  package struct File: Hashable, Sendable, Codable {
    /// Its name.
    package var name: String
    /// Its size.
    package var bytes: Int64
    /// Its hash, 64 lowercase hexadecimal digits.
    package var sha256: String
    /// How many rows it has, without a table's heading; nil where it has none.
    package var rows: Int64?
    /// The index of its first line of the log; nil where it has none.
    package var firstIndex: Int64?
    /// The index of its last line of the log; nil where it has none.
    package var lastIndex: Int64?
  }

  /// The version of bundles that this code writes and reads. It stands for the columns of the tables too, and for the
  /// rate of `FocusTable.creditsPerUnit`.
  package static let currentVersion = 1

  /// The largest manifest that is read, in bytes: that of more lines than any log has.
  static let maximumBytes = 4 * 1024 * 1024

  /// The version of the bundle.
  package var version = currentVersion
  /// Origin of the log.
  package var log: String
  /// The team whose log it is.
  package var teamId: String
  /// Index of the first line.
  package var from: Int64
  /// Index behind the last line.
  package var to: Int64
  /// Time of the first line, as it stands there; nil in an empty range.
  package var fromTime: String?
  /// Time of the last line, as it stands there; nil in an empty range.
  package var toTime: String?
  /// Whether every line of the range is in it. Always true: an export that was cut has no manifest.
  package var complete = true
  /// By what its lines were chosen. Always empty: what is filtered has no bundle.
  package var filters: [String] = []
  /// All other files but the one with the sums, in the order of `BundleFile.names`.
  package var files: [File]
  /// What happened in the range.
  package var totals: BundleTotals
}

extension BundleManifest {
  /// The bytes of the file.
  package var text: [UInt8] {
    let files = files.map { file in
      """
      {"name":"\(file.name)","bytes":\(file.bytes),"sha256":"\(file.sha256)","rows":\(JSONText.optional(file.rows)),\
      "firstIndex":\(JSONText.optional(file.firstIndex)),"lastIndex":\(JSONText.optional(file.lastIndex))}
      """
    }
    let text = """
      {"version":\(version),"log":"\(log)","teamId":"\(teamId)","from":\(from),"to":\(to),\
      "fromTime":\(JSONText.optional(fromTime)),"toTime":\(JSONText.optional(toTime)),\
      "complete":\(complete),"filters":[],
      "files":[
      \(files.joined(separator: ",\n"))
      ],
      "totals":\(totals.json)}

      """
    return Array(text.utf8)
  }

  /// The bytes of the file with the sums: the manifest itself, and all files that it names.
  package var sums: [UInt8] {
    let own = "\(FileHash.hexadecimal(of: text))  \(BundleFile.manifest)\n"
    return Array((own + files.map { "\($0.sha256)  \($0.name)\n" }.joined()).utf8)
  }

  /// The team.
  package var team: TeamID? { TeamID(teamId) }

  /// The files of lines, in order.
  var lineFiles: [File] {
    files.filter { BundleFile.isLines($0.name) }
  }

  /// The file of that name; nil where the bundle has none.
  func file(_ name: String) -> File? {
    files.first { $0.name.utf8.elementsEqual(name.utf8) }
  }
}
