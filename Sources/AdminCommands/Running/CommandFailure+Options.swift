import LedgerStore

extension CommandFailure {
  /// Runs `body`; where the store finds fault with a field that an option stands for, the failure names the option, which is
  /// what whoever typed it can change.
  static func naming<Result>(_ options: [String: String], _ body: () async throws -> Result) async throws -> Result {
    do {
      return try await body()
    } catch let error as StoreError {
      guard case .invalid(let field, let message) = error.reason, let option = options[field] else { throw error }
      throw CommandFailure(.usage, "\(option): \(message)")
    }
  }
}
