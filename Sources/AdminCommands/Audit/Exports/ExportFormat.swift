import ArgumentParser

/// `--format` of an export.
enum ExportFormat: String, ExpressibleByArgument, CaseIterable, Codable {
  /// A folder that proves itself.
  case bundle
  /// The lines.
  case jsonl
  /// One row for each edit that ended or was corrected.
  case csv
  /// Charges and credits in FOCUS 1.2.
  case focus
}
