import LedgerStore

extension LedgerStore: LedgerAccess {}

extension LedgerStore: RecoveryLedger {}
