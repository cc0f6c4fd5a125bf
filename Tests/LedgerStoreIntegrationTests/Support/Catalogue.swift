import Postgres

/// The schema `tally` as the server's catalogue has it: one line for each thing, in a fixed order.
enum Catalogue {
  /// Columns, constraints, indexes, policies, rights, owners and comments.
  static func dump(_ connection: Connection) async throws -> [String] {
    var lines: [String] = []
    for statement in [columns, constraints, indexes, policies, tables, schema] {
      lines += try await connection.query(statement)
    }
    return lines
  }

  private static func statement(_ name: String, _ sql: String) -> Statement<String> {
    Statement(name, sql, row: { row throws(PostgresError) in try row.next() })
  }

  private static let columns = statement(
    "catalogue columns",
    """
    SELECT format('column %s.%s %s not null %s default %s acl %s comment %s', c.relname, a.attname,
                  format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid), a.attacl,
                  col_description(c.oid, a.attnum))
      FROM pg_class AS c
      JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
     WHERE c.relnamespace = to_regnamespace('tally') AND c.relkind IN ('r', 'p', 'v', 'm')
     ORDER BY c.relname, a.attnum
    """)

  private static let constraints = statement(
    "catalogue constraints",
    """
    SELECT format('constraint %s on %s: %s', conname, conrelid::regclass, pg_get_constraintdef(oid))
      FROM pg_constraint WHERE connamespace = to_regnamespace('tally') ORDER BY conrelid::regclass::text, conname
    """)

  private static let indexes = statement(
    "catalogue indexes",
    "SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'tally' ORDER BY indexname")

  private static let policies = statement(
    "catalogue policies",
    """
    SELECT format('policy %s on %s for %s to %s using %s check %s', policyname, tablename, cmd, roles, qual, with_check)
      FROM pg_policies WHERE schemaname = 'tally' ORDER BY tablename, policyname
    """)

  private static let tables = statement(
    "catalogue tables",
    """
    SELECT format('%s %s owner %s rls %s forced %s acl %s options %s comment %s', relkind, relname, relowner::regrole,
                  relrowsecurity, relforcerowsecurity, relacl, reloptions, obj_description(oid, 'pg_class'))
      FROM pg_class WHERE relnamespace = to_regnamespace('tally') ORDER BY relname
    """)

  private static let schema = statement(
    "catalogue schema",
    """
    SELECT format('schema owner %s acl %s comment %s', nspowner::regrole, nspacl, obj_description(oid, 'pg_namespace'))
      FROM pg_namespace WHERE nspname = 'tally'
    """)
}
