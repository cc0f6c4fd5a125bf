import Ledger
import Logging
import Metrics

extension SignerService {
  /// Tells the operator.
  func report(_ news: SignerNews) {
    let (logger, registry) = (logger, registry)
    switch news {
    case .signing(let term): logger.notice("This gateway signs the logs' heads.", metadata: ["term": "\(term)"])
    case .anotherSigns: logger.info("Another gateway signs the logs' heads.")
    case .stateLost:
      logger.error(
        "The logs' heads are not signed: the signer's state file is not here. Where it is lost, `tally audit recover --known-head` makes a new one."
      )
    case .otherState:
      logger.error(
        "The logs' heads are not signed: they were signed with another state file than the one that is here. Where that is lost, `tally audit recover --known-head` makes a new one."
      )
    case .stateDamaged(let sentence):
      logger.error(
        "The logs' heads are not signed: the signer's state file cannot be used. Where it cannot be mended, `tally audit recover --known-head` makes a new one.",
        metadata: ["cause": "\(sentence)"])
    case .stateBehind(let origin):
      logger.critical(
        "The logs' heads are not signed: the signer's state file is an old one, the database has a later head. Bring the newest file, or make a new one with `tally audit recover --known-head`.",
        metadata: ["log": "\(origin)"])
    case .stateNotWritten:
      logger.error("The logs' heads are not signed while the signer's state file cannot be written.")
    case .contradiction(let team, let origin, let signed, let found):
      Counter(label: "tally_logs_halted_total", factory: registry).increment()
      logger.critical(
        "A log does not extend what was signed of it, as after an old backup was restored. Its team is halted; `tally audit recover` opens a new log.",
        metadata: [
          "team": "\(team)", "log": "\(origin)", "signedLines": "\(signed)", "foundLines": "\(found)",
        ])
    case .brokenTree(let team, let origin):
      Counter(label: "tally_logs_halted_total", factory: registry).increment()
      logger.critical(
        "A log's rows do not make its root. Its team is halted; `tally audit recover` opens a new log.",
        metadata: ["team": "\(team)", "log": "\(origin)"])
    case .foreignHead(let team, let origin):
      logger.error(
        "A log is not signed: the database has a head of it that none of the keys here has signed.",
        metadata: ["team": "\(team)", "log": "\(origin)"])
    case .foreignLog(let team, let origin):
      logger.error(
        "A log is not signed: its name does not begin with the key's.",
        metadata: ["team": "\(team)", "log": "\(origin)"])
    }
  }
}
