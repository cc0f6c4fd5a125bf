import Hummingbird
import Ledger
import LedgerStore

/// `GET /models` and `GET /api/models`, without a key (docs/http.md).
struct ModelRoutes: Sendable {
  /// How long a price may be old in the listing; an edit is always priced by the ledger itself.
  static let pricesLifetime = Duration.seconds(5)

  private let prices: FreshValue<PriceBook, StoreError>
  private let clock: GatewayClock

  /// The routes of the prices of `ledger`.
  init(ledger: any LedgerAccess, clock: GatewayClock) {
    self.clock = clock
    prices = FreshValue(lifetime: ModelRoutes.pricesLifetime, clock: clock) {
      do throws(StoreError) {
        return .success(try await ledger.prices())
      } catch {
        return .failure(error)
      }
    }
  }

  /// The priced models with their parameters and credits.
  @Sendable
  func list(_ request: Request, _ context: GatewayContext) async throws -> Response {
    let book: PriceBook
    do {
      book = try await prices.get()
    } catch {
      throw GatewayError(error)
    }
    let feature = QueryParameters(request.uri.query)["feature"]
    return .json(ModelListing(prices: book, at: clock.now()).body(feature: feature))
  }
}
