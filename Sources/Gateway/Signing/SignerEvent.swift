package import Ledger
package import LedgerStore
package import TransparencyLog

/// What happened to the signer. A question to the database that failed brings nil.
package enum SignerEvent: Sendable {
  /// Time has passed.
  case tick
  /// The state file was looked for.
  case fileRead(SignerFile)
  /// The lease was looked at.
  case leaseRead(LeaseLook?)
  /// The first state file was made, and is on the disk.
  case stateMade(SignerState?)
  /// The request for the lease that left at `sentAt` was answered.
  case leaseTaken(LeaseAnswer?, sentAt: Duration)
  /// The request for a longer lease that left at `sentAt` was answered; false: it is another's.
  case leaseRenewed(Bool?, sentAt: Duration)
  /// Requests for heads were read.
  case requestsRead([HeadRequest]?)
  /// The logs of teams, or a page of logs, were read.
  case tipsRead([LogTip]?)
  /// Rows of trees were read.
  case rowsRead([TeamID: TreeRows]?)
  /// Heads were noted in the state file, and are on the disk.
  case noted(Bool)
  /// Heads were signed and stored; false: the lease is another's, and nothing was stored.
  case stored(Bool?)
  /// The gateway ends in good order: what was not signed yet is signed once more.
  case stop
}

/// What was found of a state file.
package enum SignerFile: Sendable {
  /// There is none.
  case missing
  /// It cannot be read, or is damaged: one sentence.
  case damaged(String)
  /// It says this.
  case found(SignerState)
}

/// What the database tells of who signs.
package struct LeaseLook: Sendable, Hashable {
  /// The lease; nil where nobody ever had one.
  package var lease: SignerLease?
  /// Whether a head was ever signed.
  package var hasHeads: Bool

  /// A look at the lease.
  package init(lease: SignerLease?, hasHeads: Bool) {
    self.lease = lease
    self.hasHeads = hasHeads
  }
}

/// The answer to a request for the lease.
package enum LeaseAnswer: Sendable, Hashable {
  /// It is this run's, in this term.
  case taken(term: Int64)
  /// Somebody else was first.
  case refused
}

/// What the signer wants done. There is at most one question about heads and one about the lease at a time.
package enum SignerEffect: Sendable {
  /// Look for the state file. Brings `fileRead`.
  case readFile
  /// Look at the lease. Brings `leaseRead`.
  case readLease
  /// Make the first state file, with an id that nobody has. Brings `stateMade`.
  case makeState
  /// Take the lease for that state file, after that term. Brings `leaseTaken`.
  case takeLease(SignerStateID, after: Int64?, sentAt: Duration)
  /// Renew it. Brings `leaseRenewed`.
  case renewLease(term: Int64, sentAt: Duration)
  /// End it.
  case endLease(term: Int64)
  /// Read at most so many requests for heads. Brings `requestsRead`.
  case readRequests(limit: Int)
  /// Read the logs of teams. Brings `tipsRead`.
  case readTips([TeamID])
  /// Read the logs of at most so many teams behind one; nil: from the first on. Brings `tipsRead`.
  case readPage(after: TeamID?, limit: Int)
  /// Read rows of trees. Brings `rowsRead`.
  case readRows([TeamID: [Int64]])
  /// Note heads in the state file. Brings `noted`.
  case note([NewHead])
  /// Sign what was noted, and store it under that term. Brings `stored`.
  case sign([(team: TeamID, head: NewHead)], term: Int64)
  /// Forget requests that are answered, or cannot be.
  case forget([HeadRequest])
  /// Refuse all commands of that team: its log does not extend what was signed, so many lines, or makes no tree.
  case halt(TeamID, origin: String, LogHalt.Cause, signedSize: Int64?)
  /// Tell the operator.
  case tell(SignerNews)
  /// Everything is done: the signer has ended.
  case ended
}

/// What an operator must see of the signer.
package enum SignerNews: Sendable, Hashable {
  /// It signs now.
  case signing(term: Int64)
  /// Another gateway signs.
  case anotherSigns
  /// There are signed heads and no state file that knows them.
  case stateLost
  /// The lease names another state file than the one that is here.
  case otherState
  /// The state file is damaged, in one sentence.
  case stateDamaged(String)
  /// The database has a head by this key that the state file does not know: the file is an old one.
  case stateBehind(origin: String)
  /// The state file could not be written: nothing is signed meanwhile.
  case stateNotWritten
  /// A log does not extend what was signed of it. Its team is halted.
  case contradiction(TeamID, origin: String, signed: Int64, found: Int64)
  /// A log's rows do not make the root that the team's row has. Its team is halted.
  case brokenTree(TeamID, origin: String)
  /// The database has a head of a log that none of the keys has signed.
  case foreignHead(TeamID, origin: String)
  /// A log's name does not begin with the key's: it is not signed.
  case foreignLog(TeamID, origin: String)
}
