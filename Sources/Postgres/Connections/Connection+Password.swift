import CLibPQ

extension Connection {
  /// What `ALTER ROLE … PASSWORD` can be given instead of the password itself, so that the password never leaves this process
  /// (SCRAM-SHA-256, RFC 7677).
  /// - Throws: `closed`; `misuse` when libpq cannot make one.
  package func passwordVerifier(_ password: String, user: String) throws(PostgresError) -> String {
    let handle = try openHandle()
    guard let verifier = PQencryptPasswordConn(handle, password, user, "scram-sha-256") else {
      throw PostgresError(.misuse, outcome: .notSent, reason: "no verifier for the password: " + libpqMessage(handle))
    }
    defer { PQfreemem(verifier) }
    return String(cString: verifier)
  }
}
