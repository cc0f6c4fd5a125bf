import Glibc

/// How a server is stopped, in the order of trying (PostgreSQL's documentation, "Shutting Down the Server").
enum ServerSignal: CaseIterable {
  /// No new work, running transactions are rolled back, everything is written.
  case fast
  /// At once; the next start reads the log back.
  case immediate
  /// By the kernel.
  case kill

  var number: Int32 {
    switch self {
    case .fast: SIGINT
    case .immediate: SIGQUIT
    case .kill: SIGKILL
    }
  }
}
