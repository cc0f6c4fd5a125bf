import Audit
import EmbeddedPostgres
import Exports
import Gateway
import LedgerStore
import Postgres
import Sandbox
import Upstream

extension CommandFailure {
  /// What a failed command says and exits with; nil for an error of the command line itself, which the argument parser
  /// words better.
  init?(_ error: any Error) {
    switch error {
    case let failure as CommandFailure: self = failure
    case let error as StoreError: self.init(store: error)
    case let error as PostgresError: self.init(postgres: error)
    case let error as EmbeddedPostgresError: self.init(embedded: error)
    case let error as GatewayConfigurationError: self.init(.usage, error.description)
    case let error as SandboxError: self.init(.usage, error.description)
    case let error as OneMinConfigurationError: self.init(.usage, error.description)
    case let failure as ExportFailure: self.init(export: failure)
    case let error as ExportError: self.init(.failed, error.description)
    case let fault as BundleFault: self.init(.failed, "the log is damaged: \(fault)")
    case let error as FileError: self.init(.failed, error.description)
    default: return nil
    }
  }

  private init(export failure: ExportFailure) {
    switch failure {
    case .unknownKey: self.init(.failed, "\(failure): name it with --vkey")
    case .foreignHead: self.init(.usage, failure.description)
    case .noHead, .shortHead, .unproven, .unprovenBehind, .contradiction, .damaged, .tooLong:
      self.init(.failed, failure.description)
    }
  }

  private init(store error: StoreError) {
    switch error.reason {
    case .unavailable:
      let cause = error.underlying.map { ": \($0.reason)" } ?? ""
      self.init(.databaseUnreachable, error.description + cause)
    case .overloaded: self.init(.databaseUnreachable, error.description)
    case .invalid: self.init(.usage, error.description)
    case .schema, .notAllowed, .forbidden, .unpriced, .notFound, .conflict, .idempotencyKeyReused, .unknownHold,
      .database:
      self.init(.failed, error.description)
    }
  }

  private init(postgres error: PostgresError) {
    switch error.code {
    case .settings: self.init(.usage, error.reason)
    case .connectionFailed, .timedOut, .closed, .poolExhausted, .poolClosed:
      self.init(.databaseUnreachable, "the database is not reachable: \(error.reason)")
    default: self.init(.failed, error.description)
    }
  }

  private init(embedded error: EmbeddedPostgresError) {
    switch error.code {
    case .dataFolderInUse: self.init(.dataFolderInUse, error.description)
    case .serverFailed, .serverNotStopped: self.init(.databaseUnreachable, error.description)
    case .dataFolderUnreachable, .fileSystem, .programMissing, .versionMismatch: self.init(.failed, error.description)
    }
  }
}
