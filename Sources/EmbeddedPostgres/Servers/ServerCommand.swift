/// The command line of one of the server's programs, run as the right account.
struct ServerCommand: Sendable {
  let programs: ServerPrograms
  let account: ServerAccount?

  /// - Parameters:
  ///   - program: an absolute path.
  ///   - arguments: its arguments.
  ///   - signalAtOwnersDeath: what the kernel sends it when this process ends, however that happens.
  func line(_ program: String, _ arguments: [String], signalAtOwnersDeath: String) -> [String] {
    var line = ["/bin/sh", "-c", Self.atRoot, "sh", programs.setpriv]
    if let account {
      line += ["--reuid=\(account.user)", "--regid=\(account.group)", "--init-groups"]
    }
    // setpriv asks for the signal after it has changed the account: changing it would clear the request.
    line += ["--pdeathsig=\(signalAtOwnersDeath)", "--", program]
    return line + arguments
  }

  /// The other account may not be able to stay in our present folder, which PostgreSQL's programs want to.
  private static let atRoot = #"cd / && exec "$@""#
}
