import Ledger
import LedgerStore

/// One edit as its client sees it: sent, perhaps twice, given up, tried again.
final class SimulatedClient {
  private let world: World
  private let person: Population.Person
  private let quality: (quality: String, credits: Int64)
  private let n: Int
  private let isAsync: Bool
  /// The text of its Idempotency-Key.
  private let key: String?
  private var tries = 0
  private var isFinished = false

  init(world: World, person: Population.Person) {
    self.world = world
    self.person = person
    quality = world.random.pick(Population.prices)
    n = world.random.int(1...3)
    isAsync = world.random.chance(150)
    key = world.random.chance(650) ? "key-\(world.random.below(1_000_000))" : nil
  }

  /// Now and then a client uses its key for something else.
  private var claim: IdempotencyClaim? {
    guard let key else { return nil }
    let isOther = world.random.chance(world.weather.repeatedRequests / 20)
    return IdempotencyClaim(key: key, body: isOther ? [1] : [0])
  }

  func begin() {
    submit()
  }

  private func submit() {
    tries += 1
    send()
    // Sent twice by something on the way: only with a key is that one edit.
    if key != nil, world.random.chance(world.weather.repeatedRequests) {
      world.after(world.random.milliseconds(0...3_000)) { [self] in send() }
    }
    // A client waits a minute for an answer that got lost.
    let attempt = tries
    world.after(.seconds(60)) { [self] in
      if !isFinished, tries == attempt { tryLater() }
    }
  }

  private func send() {
    guard let gateway = world.population.gateway() else { return }
    world.after(world.networkDelay()) { [self] in
      let record = RecordID(bits: world.random.bits())
      let facts = EditFacts(
        team: person.team, record: record, member: person.member, key: person.key, quality: quality.quality, n: n,
        price: quality.credits,
        isAsync: isAsync, claim: claim)
      gateway.edit(facts) { [self] answer in
        world.log("client", "\(record.short) \(answer)")
        heard(answer)
      }
    }
  }

  private func heard(_ answer: SimulatedAnswer) {
    guard !isFinished, !world.random.chance(world.weather.lostAnswers) else { return }
    guard answer.mayBeTriedAgain, world.random.chance(500) else { return finish() }
    tryLater()
  }

  private func tryLater() {
    guard tries < 3 else { return finish() }
    world.after(world.random.milliseconds(0...10_000)) { [self] in
      if !isFinished { submit() }
    }
  }

  private func finish() {
    guard !isFinished else { return }
    isFinished = true
    world.population.finished()
    // A retry that was forgotten somewhere.
    if key != nil, world.random.chance(world.weather.repeatedRequests / 2) {
      world.after(world.random.milliseconds(0...30_000)) { [self] in send() }
    }
  }
}
