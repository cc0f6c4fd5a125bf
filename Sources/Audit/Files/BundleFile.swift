/// The files of an export bundle, by their names (docs/audit.md, the export bundle).
package enum BundleFile {
  /// What the other files are, their sizes and hashes.
  package static let manifest = "manifest.json"
  /// The hashes again, in the form that `sha256sum -c` reads.
  package static let sums = "manifest-sha256.txt"
  /// The signed head.
  package static let checkpoint = "checkpoint"
  /// The key that signed it.
  package static let key = "log.vkey"
  /// The peaks at the range's first index.
  package static let peaks = "peaks"
  /// The proof from the range's end to the head.
  package static let toProof = "to.proof"
  /// The proof between a head that the reader holds and the bundle's.
  package static let knownProof = "known.proof"
  /// The book at the range's first index.
  package static let state = "state.json"
  /// Salts and payloads.
  package static let secrets = "private.jsonl"
  /// One row for each edit's end.
  package static let usage = "usage.csv"
  /// One row for each budget row.
  package static let statementTable = "statement.csv"
  /// The same, with the changes of limits and the totals.
  package static let statement = "statement.json"
  /// One row for each charge and credit, in the form of FOCUS 1.2.
  package static let focus = "focus-1.2.csv"
  /// How to check the bundle.
  package static let readMe = "README.txt"
  /// A check without Tally.
  package static let script = "verify.sh"

  /// What a writer keeps beside the unfinished files, to go on after a cut. Not part of a bundle.
  static let unfinished = "export.unfinished"

  /// The most files of lines that a bundle has: their numbers have six digits.
  static let maximumLineFiles = 999_999

  /// The name of the file of lines with this number, from 1.
  package static func lines(_ number: Int) -> String {
    let digits = String(number)
    return "audit-" + String(repeating: "0", count: max(0, 6 - digits.utf8.count)) + digits + ".jsonl"
  }

  /// The names in a manifest's order, with `lineFiles` files of lines.
  static func names(lineFiles: Int, hasKnownProof: Bool, hasState: Bool, hasSecrets: Bool) -> [String] {
    [checkpoint, key, peaks, toProof] + (hasKnownProof ? [knownProof] : []) + (hasState ? [state] : [])
      + (0..<lineFiles).map { lines($0 + 1) } + (hasSecrets ? [secrets] : [])
      + [usage, statementTable, statement, focus, readMe, script]
  }

  /// The files of which a manifest says how many rows they have, beside those of lines.
  static let tables = [secrets, usage, statementTable, focus]

  /// Whether a file of a bundle holds lines.
  static func isLines(_ name: String) -> Bool { name.utf8.starts(with: "audit-".utf8) }
}
