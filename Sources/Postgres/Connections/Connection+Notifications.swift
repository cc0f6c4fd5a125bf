extension Connection {
  /// Notifications that wait to be read. They are hints; whoever falls behind reads the newest and looks into the tables.
  package static let maximumWaitingNotifications = 1_024

  /// What other sessions say with `NOTIFY` on the channels that this connection listens to (`LISTEN` is an ordinary statement). They
  /// come while nobody is at work, too. The stream ends with the connection; a second call ends the first stream.
  package func notifications() -> AsyncStream<PostgresNotification> {
    listener?.finish()
    let (stream, continuation) = AsyncStream.makeStream(
      of: PostgresNotification.self, bufferingPolicy: .bufferingNewest(Self.maximumWaitingNotifications))
    listener = continuation
    return stream
  }
}
