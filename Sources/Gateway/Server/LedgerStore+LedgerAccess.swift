import LedgerStore

extension LedgerStore: LedgerAccess {}
