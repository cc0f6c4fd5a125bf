import LedgerStore
import Postgres
import TallyTesting
import Testing

/// Rules that every migration must keep (docs/architecture.md, "The database"): each query lists what breaks one.
@Suite struct SchemaRulesTests {
  @Test(arguments: [
    (
      "keys and references of a tenant's table begin with team_id",
      """
      SELECT format('%s of %s', c.conname, c.conrelid::regclass)
        FROM pg_constraint AS c
        JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attname = 'team_id'
       WHERE c.connamespace = to_regnamespace('tally') AND c.contype IN ('p', 'u', 'f', 'x')
         AND c.conkey[1] <> a.attnum AND c.conrelid <> 'tally.key_directory'::regclass
      """
    ),
    (
      "references to a tenant's table begin with its team_id",
      """
      SELECT format('%s of %s', c.conname, c.conrelid::regclass)
        FROM pg_constraint AS c
        JOIN pg_attribute AS a ON a.attrelid = c.confrelid AND a.attname = 'team_id'
       WHERE c.connamespace = to_regnamespace('tally') AND c.contype = 'f' AND c.confkey[1] <> a.attnum
      """
    ),
    (
      "unique indexes of a tenant's table begin with team_id",
      """
      SELECT i.indexrelid::regclass::text
        FROM pg_index AS i
        JOIN pg_class AS t ON t.oid = i.indrelid AND t.relnamespace = to_regnamespace('tally')
        JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attname = 'team_id'
       WHERE i.indisunique AND i.indkey[0] <> a.attnum AND t.oid <> 'tally.key_directory'::regclass
      """
    ),
    (
      "every tenant's table has a primary key",
      """
      SELECT t.relname
        FROM pg_class AS t
       WHERE t.relnamespace = to_regnamespace('tally') AND t.relkind IN ('r', 'p')
         AND NOT EXISTS (SELECT FROM pg_index WHERE indrelid = t.oid AND indisprimary)
      """
    ),
    (
      "row level security is enabled and forced on every tenant's table",
      """
      SELECT t.relname
        FROM pg_class AS t
        JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attname = 'team_id'
       WHERE t.relnamespace = to_regnamespace('tally') AND t.relkind IN ('r', 'p')
         AND t.oid <> 'tally.key_directory'::regclass AND NOT (t.relrowsecurity AND t.relforcerowsecurity)
      """
    ),
    (
      "the request role's policy of every tenant's table is confined to the setting",
      """
      SELECT t.relname
        FROM pg_class AS t
        JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attname = 'team_id'
       WHERE t.relnamespace = to_regnamespace('tally') AND t.relkind IN ('r', 'p')
         AND t.oid <> 'tally.key_directory'::regclass
         AND NOT coalesce((SELECT count(*) = 1 AND bool_and(qual LIKE '%tally.team_id%' AND with_check = qual)
                             FROM pg_policies
                            WHERE schemaname = 'tally' AND tablename = t.relname
                              AND ('tally_request' = ANY(roles) OR 'public' = ANY(roles))), false)
      """
    ),
    (
      "tables and columns have comments",
      """
      SELECT format('%s.%s', t.relname, a.attname)
        FROM pg_class AS t
        JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
       WHERE t.relnamespace IN (to_regnamespace('tally'), to_regnamespace('tally_meta')) AND t.relkind IN ('r', 'p', 'v')
         AND (coalesce(col_description(t.oid, a.attnum), '') = '' OR coalesce(obj_description(t.oid, 'pg_class'), '') = '')
      """
    ),
    (
      "CHECK constraints have names of their own",
      """
      SELECT format('%s of %s', conname, conrelid::regclass)
        FROM pg_constraint
       WHERE connamespace IN (to_regnamespace('tally'), to_regnamespace('tally_meta')) AND contype = 'c'
         AND conname ~ '_check[0-9]*$'
      """
    ),
    (
      "there are no triggers",
      """
      SELECT tgname FROM pg_trigger AS g JOIN pg_class AS t ON t.oid = g.tgrelid
       WHERE t.relnamespace = to_regnamespace('tally') AND NOT g.tgisinternal
      """
    ),
    (
      "there are no sequences, views, functions or types",
      """
      SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace('tally') AND relkind NOT IN ('r', 'i')
      UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = to_regnamespace('tally')
      UNION ALL SELECT typname FROM pg_type WHERE typnamespace = to_regnamespace('tally') AND typtype IN ('e', 'd', 'r')
      """
    ),
    (
      "nothing refers to rows that every edit updates",
      """
      SELECT format('%s of %s', conname, conrelid::regclass)
        FROM pg_constraint
       WHERE contype = 'f'
         AND confrelid IN ('tally.team'::regclass, 'tally.budget'::regclass, 'tally.record'::regclass,
                           'tally.usage_bucket'::regclass)
      """
    ),
    (
      "no index holds a column that edits update",
      """
      SELECT format('%s: %s', i.indexrelid::regclass, a.attname)
        FROM pg_index AS i
        JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
       WHERE (i.indrelid, a.attname) IN
             (('tally.team'::regclass, 'log_size'), ('tally.team'::regclass, 'log_last_at'),
              ('tally.budget'::regclass, 'used'), ('tally.budget'::regclass, 'held'),
              ('tally.record'::regclass, 'state'), ('tally.record'::regclass, 'resolve_index'),
              ('tally.record'::regclass, 'resolved_at'), ('tally.record'::regclass, 'charged'))
      """
    ),
    (
      "everything belongs to tally_owner",
      """
      SELECT relname FROM pg_class
       WHERE relnamespace = to_regnamespace('tally') AND relkind = 'r' AND relowner <> 'tally_owner'::regrole
      """
    ),
    (
      "Tally's roles cannot log in, are no superusers, and no policy passes them by",
      """
      SELECT rolname FROM pg_roles
       WHERE rolname IN ('tally_owner', 'tally_lane', 'tally_request', 'tally_auth')
         AND (rolcanlogin OR rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)
      """
    ),
  ])
  func schemaKeepsTheRule(rule: String, brokenBy query: String) async throws {
    try await withLedgerDatabase { database in
      let broken = try await database.texts(query)
      #expect(broken == [], "\(rule)")
    }
  }

  /// The queries above find nothing also where there is nothing: this one sees that they look at the right tables.
  @Test func rulesAreCheckedOnTheTablesThatThereAre() async throws {
    try await withLedgerDatabase { database in
      let tenants = try await database.texts(
        """
        SELECT t.relname
          FROM pg_class AS t JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attname = 'team_id'
         WHERE t.relnamespace = to_regnamespace('tally') AND t.relkind = 'r' AND t.relname <> 'key_directory'
        """)
      #expect(Set(tenants) == Set(TwoTeams.tables + TwoTeams.laneTables))
    }
  }
}
