import Ledger
import LedgerStore

/// One edit as its client sees it: sent, perhaps twice, given up, tried again.
final class SimulatedClient {
  private let world: World
  private let person: Population.Person
  private let quality: (quality: String, credits: Int64)
  private let n: Int
  private var tries = 0
  private var isFinished = false

  init(world: World, person: Population.Person) {
    self.world = world
    self.person = person
    quality = world.random.pick(Population.prices)
    n = world.random.int(1...3)
  }

  func begin() {
    submit()
  }

  private func submit() {
    tries += 1
    guard let gateway = world.population.gateway() else { return tryLater() }
    world.after(world.networkDelay()) { [self] in
      let record = RecordID(bits: world.random.bits())
      let facts = HoldRequestFacts(
        team: person.team, record: record, member: person.member, key: person.key, n: n, price: quality.credits)
      gateway.edit(facts, quality: quality.quality) { [self] answer in
        world.log("client", "\(record.short) \(answer)")
        world.auditor.answered(answer, record: record)
        heard(answer)
      }
    }
    // A client waits a minute for an answer that got lost.
    let attempt = tries
    world.after(.seconds(60)) { [self] in
      if !isFinished, tries == attempt { tryLater() }
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
  }
}
