import ArgumentParser

/// How a command prints.
struct OutputOptions: ParsableArguments {
  @Flag(name: .customLong("json"), help: "Print JSON: a listing is one array, anything else one object.")
  var asJSON = false
}
