package import Ledger

/// The models that can be used now: known, and priced (docs/http.md).
package struct ModelListing: Sendable {
  private let models: [(rules: EditRules, prices: [PriceEntry])]

  /// The models that `prices` has a price for at `moment`; a price whose option no rule knows is left out.
  package init(prices: PriceBook, at moment: Timestamp) {
    let priced = prices.priced(at: moment)
    models = EditRules.known.compactMap { rules in
      let own = priced.filter { entry in
        entry.model.hasSameBytes(as: rules.model) && rules.sizes.contains(entry.size)
          && rules.qualities.contains(entry.quality)
      }
      return own.isEmpty ? nil : (rules, own)
    }
  }

  /// The body, JSON. `feature`: only models of that feature; nil: all.
  package func body(feature: String?) -> [UInt8] {
    let shown = feature.map { $0.hasSameBytes(as: EditRules.feature) } ?? true ? models : []
    var writer = JSONWriter()
    writer.object { writer in
      writer.array("models") { writer in
        for (rules, prices) in shown { ModelListing.write(rules, prices, &writer) }
      }
      writer.field("total", shown.count)
    }
    return writer.bytes
  }

  private static func write(_ rules: EditRules, _ prices: [PriceEntry], _ writer: inout JSONWriter) {
    writer.object { writer in
      writer.field("modelId", rules.model)
      writer.array("features") { $0.string(EditRules.feature) }
      writer.array("parameters") { writer in
        text("imageUrl", &writer)
        text("prompt", maximum: EditRules.promptScalars.upperBound, &writer)
        choice("size", rules.sizes, rules.sizes[0], &writer)
        range("n", rules.count, rules.count.lowerBound, &writer)
        choice("quality", rules.qualities, rules.defaultQuality, &writer)
        choice("output_format", rules.formats, rules.formats[0], &writer)
        range("output_compression", rules.compression, rules.defaultCompression, &writer)
        choice("background", rules.backgrounds, rules.backgrounds[0], &writer)
      }
      writer.array("credits") { writer in
        for price in prices {
          writer.object { writer in
            writer.field("quality", price.quality)
            writer.field("size", price.size)
            writer.field("credits", price.credits)
          }
        }
      }
    }
  }

  private static func text(_ name: String, maximum: Int? = nil, _ writer: inout JSONWriter) {
    writer.object { writer in
      writer.field("name", name)
      writer.field("type", "string")
      writer.field("required", true)
      if let maximum { writer.field("maxLength", maximum) }
    }
  }

  private static func choice(_ name: String, _ choices: [String], _ fallback: String, _ writer: inout JSONWriter) {
    writer.object { writer in
      writer.field("name", name)
      writer.field("type", "string")
      writer.field("required", false)
      writer.array("options") { writer in for choice in choices { writer.string(choice) } }
      writer.field("default", fallback)
    }
  }

  private static func range(_ name: String, _ range: ClosedRange<Int>, _ fallback: Int, _ writer: inout JSONWriter) {
    writer.object { writer in
      writer.field("name", name)
      writer.field("type", "integer")
      writer.field("required", false)
      writer.field("minimum", range.lowerBound)
      writer.field("maximum", range.upperBound)
      writer.field("default", fallback)
    }
  }
}
