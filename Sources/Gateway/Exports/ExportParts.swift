/// What exports of a gateway need beside the ledger.
package struct ExportParts: Sendable {
  /// Who exports.
  package var exports: any ExportAccess
  /// A folder for files on their way out. It belongs to the gateway alone, and is emptied when it starts.
  package var folder: String
  /// What a look at a reader waits for: see `StallWatch`.
  package var stallTick: @Sendable () async throws -> Void = StallWatch.usualTick

  /// Exports by `exports`, with files in `folder`.
  package init(exports: any ExportAccess, folder: String) {
    self.exports = exports
    self.folder = folder
  }
}
