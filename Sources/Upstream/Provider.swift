/// A service that edits images for credits.
///
/// Nothing here throws: money depends on telling *done*, *not done* and *unknown* apart, so every failure is one of the
/// three (docs/ledger.md, the table of what happened and what is known). None of these calls ends early because the
/// calling task is cancelled: an edit that is on its way has an outcome, and somebody has to book it.
package protocol Provider: Sendable {
  /// Submits one edit, once: it is never sent a second time.
  ///
  /// - Parameters:
  ///   - edit: the edit, with all documented defaults filled in.
  ///   - permit: asked on an event loop right before the first byte goes out, so it must be quick; false means that
  ///     nothing is sent, and the outcome is ``Refusal/Cause/notPermitted``.
  func submit(_ edit: EditRequest, permit: @escaping @Sendable () -> Bool) async -> EditOutcome

  /// Uploads one picture to the provider's storage.
  func upload(_ asset: AssetUpload) async -> AssetOutcome

  /// Asks what became of an edit whose id is known.
  ///
  /// - Parameter uuid: the provider's id of the edit, from ``EditOutcome/accepted(uuid:)``.
  func result(uuid: String) async -> ResultOutcome
}
