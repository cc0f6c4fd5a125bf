import Glibc

/// What the embedded server is told on its command line, so that no file of an earlier version has a say.
struct ServerParameters: Sendable {
  /// Log files are named after the hour and emptied when it comes round: a day of history.
  static let logName = "server-%H.log"

  private(set) var values: [(name: String, value: String)]

  /// - Parameters:
  ///   - folder: where everything lies.
  ///   - sockets: the socket's folder.
  ///   - settings: the caller's wishes; its parameters win over ours.
  ///   - compression: the best method for full-page images that this server knows.
  init(folder: ClusterFolder, sockets: String, settings: ClusterSettings, compression: String) {
    let durable = settings.isDurable ? "on" : "off"
    values = [
      // Nobody but this machine's own account gets in, and not over a network.
      ("listen_addresses", ""), ("unix_socket_directories", sockets), ("unix_socket_permissions", "0700"),
      ("port", String(settings.port)), ("max_connections", "100"), ("password_encryption", "scram-sha-256"),
      // What a commit promises.
      ("fsync", durable), ("synchronous_commit", durable), ("full_page_writes", durable),
      // Measured: few checkpoints and small full-page images; plans of short statements gain nothing from compiling.
      ("shared_buffers", "\(Self.sharedBufferMegabytes)MB"), ("max_wal_size", "4GB"), ("checkpoint_timeout", "15min"),
      ("wal_compression", compression), ("jit", "off"),
      ("timezone", "UTC"), ("log_timezone", "UTC"), ("lc_messages", "C"), ("cluster_name", "tally"),
      // A log for the operator: what went wrong, without statements, which hold members' text, and without rows.
      ("logging_collector", "on"), ("log_directory", folder.logs), ("log_filename", Self.logName),
      ("log_rotation_age", "60"), ("log_rotation_size", "0"), ("log_truncate_on_rotation", "on"),
      ("log_min_messages", "warning"), ("log_min_error_statement", "panic"), ("log_error_verbosity", "terse"),
      ("log_checkpoints", "off"), ("log_line_prefix", "%m [%p] "),
    ]
    values.removeAll { own in settings.parameters.contains { $0.name == own.name } }
    values += settings.parameters
  }

  /// As arguments of `postgres`.
  var arguments: [String] { values.flatMap { ["-c", "\($0.name)=\($0.value)"] } }

  /// An eighth of the machine's memory, for the gateway lives here too; 128 MB (PostgreSQL's default) to 1 GB.
  private static var sharedBufferMegabytes: Int {
    let bytes = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
    return min(max((bytes / 8) >> 20, 128), 1024)
  }
}
