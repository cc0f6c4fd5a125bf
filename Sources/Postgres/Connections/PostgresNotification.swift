/// What another session said with `NOTIFY`.
package struct PostgresNotification: Sendable, Hashable {
  /// The channel that was listened to.
  package let channel: String
  /// The text that was sent along, possibly empty.
  package let payload: String
  /// The process of the server that sent it.
  package let backendProcessID: Int32
}
