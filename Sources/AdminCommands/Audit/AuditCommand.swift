import ArgumentParser

/// `tally audit`.
struct AuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "Take the audit log away and check it.",
    subcommands: [
      AuditExportCommand.self, AuditVerifyCommand.self, AuditProofCommand.self, AuditLogsCommand.self,
      AuditLegalHoldCommand.self,
      AuditEraseCommand.self,
      AuditPruneCommand.self,
      AuditReconcileCommand.self, AuditAnchorCommand.self, AuditRecoverCommand.self,
    ])
}
