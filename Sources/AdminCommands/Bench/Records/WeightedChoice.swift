import Foundation

/// Chooses among things that are not equally likely.
struct WeightedChoice: Sendable {
  /// The sums of the weights up to each thing.
  private let sums: [Double]

  /// Weights that are not negative, at least one of them above zero.
  init(_ weights: [Double]) {
    var sum = 0.0
    sums = weights.map { weight in
      sum += weight
      return sum
    }
  }

  /// `count` things of which the first is the likeliest: the weight of the n-th is n to the power of -`skew`.
  init(count: Int, skew: Double) {
    self.init((0..<count).map { Self.weight($0, skew: skew) })
  }

  /// The weight of thing `number`, counted from 0.
  static func weight(_ number: Int, skew: Double) -> Double { pow(Double(number + 1), -skew) }

  /// The share of a thing.
  func share(of position: Int) -> Double {
    guard let all = sums.last, all > 0 else { return 0 }
    return (sums[position] - (position == 0 ? 0 : sums[position - 1])) / all
  }

  /// The position of one of them.
  func next(using generator: inout some RandomNumberGenerator) -> Int {
    let point = Double.random(in: 0..<(sums.last ?? 1), using: &generator)
    // The first sum above the point.
    var (low, high) = (0, sums.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if sums[middle] > point { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
