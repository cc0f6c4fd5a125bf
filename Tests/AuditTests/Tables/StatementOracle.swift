/// What the statement of a bundle must say, worked out anew from the JSON lines alone by a program that shares no code with
/// ours.
enum StatementOracle {
  /// Takes the folder of the bundle and that of one with the whole log; prints how many limits changed and how many rows it
  /// compared, or fails with what is wrong.
  static let script = """
    import csv, glob, json, sys

    bundle, whole = sys.argv[1:3]
    statement = json.load(open(bundle + "/statement.json"))
    begin, end = statement["from"], statement["to"]
    table = list(csv.DictReader(open(bundle + "/statement.csv", newline="", encoding="utf-8"), strict=True))
    for row, cells in zip(statement["rows"], table, strict=True):
        for name, value in row.items():
            assert cells[name] == ("" if value is None else str(value)), (name, value, cells)

    def name(row):
        return (row["scope"], row["subject"], row["period"], row["start"])

    now, opening, sums, changes, touched = {}, {}, {}, [], set()
    lines = (json.loads(line) for name in sorted(glob.glob(whole + "/audit-*.jsonl")) for line in open(name, "rb"))
    for line in lines:
        index, action = line["index"], line["action"]
        if index >= end: break
        if index == begin: opening = {key: dict(row) for key, row in now.items()}
        moved = line.get("budgets", []) if action.startswith("edit.") and action != "edit.refused" else []
        if action == "edit.evidence" and line["credited"] == 0: moved = []
        for row in moved:
            key = name(row)
            if index >= begin:
                opening.setdefault(key, {"limit": row["limit"], "used": 0, "held": 0})
                touched.add(key)
                sum = sums.setdefault(key, dict.fromkeys(["charges", "credits", "holds", "settled", "released"], 0))
                if action == "edit.held": sum["holds"] += line["amount"]
                if action == "edit.released": sum["released"] += line["amount"]
                if action == "edit.credited": sum["credits"] += line["amount"]
                if action == "edit.evidence": sum["credits"] += line["credited"]
                if action == "edit.settled":
                    sum["settled"] += line["amount"]
                    sum["charges"] += line["charge"]
            now[key] = {"limit": row["limit"], "used": row["usedAfter"], "held": row["heldAfter"]}
        if action == "limit.changed":
            row = line["budget"]
            if row is not None: now[name(row)] = {"limit": row["limitAfter"], "used": row["used"], "held": row["held"]}
            if index >= begin:
                if row is not None: touched.add(name(row))
                changes.append({
                    "index": index, "at": line["at"], "scope": line["scope"], "subject": line["subject"],
                    "period": row and row["period"], "start": row and row["start"],
                    "old": line["old"], "new": line["new"]})
    assert statement["limitChanges"] == changes, (statement["limitChanges"], changes)
    rows = {name(row): row for row in statement["rows"]}
    assert len(rows) == len(statement["rows"]) and touched <= rows.keys(), touched - rows.keys()
    moved = 0
    for key, row in rows.items():
        sum = sums.get(key, dict.fromkeys(["charges", "credits", "holds", "settled", "released"], 0))
        expected = sum | {
            "limitAtOpen": opening[key]["limit"], "limitAtClose": now[key]["limit"],
            "usedAtOpen": opening[key]["used"], "usedAtClose": now[key]["used"],
            "heldAtOpen": opening[key]["held"], "heldAtClose": now[key]["held"],
            "limitChanges": len([c for c in changes if (c["scope"], c["subject"], c["period"], c["start"]) == key])}
        for column, value in expected.items():
            assert row[column] == value, (key, column, row[column], value)
        moved += row["limitAtOpen"] != row["limitAtClose"]
    print(json.dumps({"changes": len(changes), "rows": len(rows), "moved": moved}))
    """
}
