import ArgumentParser
package import Ledger

extension MemberRole: ExpressibleByArgument {}
extension AccountStatus: ExpressibleByArgument {}
extension Period: ExpressibleByArgument {}
extension EditState: ExpressibleByArgument {}
extension BudgetScope: ExpressibleByArgument {}

extension Identifier: ExpressibleByArgument {
  package init?(argument: String) {
    self.init(argument)
  }
}

/// `--scopes edit,reports`.
package struct ScopesArgument: ExpressibleByArgument, Hashable, Sendable {
  /// The scopes named.
  package var scopes: KeyScopes

  package init?(argument: String) {
    let names = argument.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard let scopes = KeyScopes(names: names) else { return nil }
    self.scopes = scopes
  }
}
