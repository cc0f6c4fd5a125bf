/// What the FOCUS table of a bundle must say, worked out anew from the JSON lines alone by a program that shares no code with
/// ours.
enum FocusOracle {
  /// What it saw, so that a test knows that its log had something of each kind.
  struct Seen: Decodable {
    /// Rows that charge, and that give back.
    var charges: Int
    var credits: Int
    /// Credits that correct an earlier month.
    var corrections: Int
    /// Credits of charges that stand before the range, of the same month.
    var earlierOfTheSameMonth: Int
    /// Charges whose holds stand before the range.
    var unknownProducts: Int
    /// Billing periods.
    var months: Int
  }

  /// Takes the folder of the bundle and that of one with the whole log; prints what it saw, or fails with what is wrong.
  static let script = """
    import csv, glob, hashlib, json, sys
    from datetime import datetime, timedelta, timezone
    from decimal import Decimal, ROUND_HALF_UP

    bundle, whole = sys.argv[1:3]
    manifest = json.load(open(bundle + "/manifest.json"))
    lines = {}
    for name in sorted(glob.glob(whole + "/audit-*.jsonl")):
        for raw in open(name, "rb"):
            line = json.loads(raw)
            lines[line["index"]] = (raw[:-1], line)
    rows = list(csv.DictReader(open(bundle + "/focus-1.2.csv", newline="", encoding="utf-8"), strict=True))
    rows = {int(row["x_LogIndex"]): row for row in rows}

    def moment(text):
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)

    def second(time):
        return time.strftime("%Y-%m-%dT%H:%M:%SZ")

    def month(time):
        start = datetime(time.year, time.month, 1, tzinfo=timezone.utc)
        return start, datetime(time.year + time.month // 12, time.month % 12 + 1, 1, tzinfo=timezone.utc)

    def cell(text):
        return "'" + text if text[:1] and text[0] in "=+-@\\t\\r\\n'" else text

    def taken_on(record):
        bits = record.replace("-", "")
        assert bits[12] == "7", record
        return datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(milliseconds=int(bits[:12], 16))

    seen = dict.fromkeys(
        ["charges", "credits", "corrections", "earlierOfTheSameMonth", "unknownProducts", "months"], 0)
    months = set()
    for index in range(manifest["from"], manifest["to"]):
        raw, line = lines[index]
        is_charge = line["action"] == "edit.settled"
        credited = line["amount"] if line["action"] == "edit.credited" else line.get("credited", 0)
        if not is_charge and (line["action"] not in ("edit.credited", "edit.evidence") or credited == 0):
            assert index not in rows, index
            continue
        row = rows.pop(index)
        at = moment(line["at"])
        start, end = month(at)
        months.add(start)
        hold = lines[line["hold"]][1]
        assert hold["action"] == "edit.held" and hold["record"] == line["record"]
        credits = line["charge"] if is_charge else -credited
        cost = (Decimal(credits) / 3000000).quantize(Decimal(10) ** -12, ROUND_HALF_UP)
        is_known = line["hold"] >= manifest["from"]
        expected = {
            "BillingAccountId": manifest["teamId"], "BillingCurrency": "USD",
            "BillingPeriodStart": second(start), "BillingPeriodEnd": second(end),
            "ChargeCategory": "Usage" if is_charge else "Credit",
            "ChargePeriodStart": second(at), "ChargePeriodEnd": second(at + timedelta(seconds=1)),
            "ResourceId": line["record"], "SubAccountId": hold["member"], "SubAccountName": "",
            "SubAccountType": "Member", "InvoiceId": "", "PricingCurrency": "Credits",
            "x_LeafHash": hashlib.sha256(b"\\0" + raw).hexdigest(), "x_LogIndex": str(index)}
        tags = {"keyId": hold["key"]}
        if is_charge:
            product = "/".join([hold["model"], hold["quality"], hold["size"]])
            words = ", ".join([hold["model"], hold["quality"], hold["size"]])
            if not is_known: product = "image-edit"
            expected |= {
                "ChargeClass": "", "ChargeFrequency": "Usage-Based", "ConsumedUnit": "Images", "PricingUnit": "Credits",
                "ChargeDescription": "Image edit" + (", " + words if is_known else "")
                    + (", assumed" if line["assumed"] else ""),
                "SkuId": cell(product), "SkuPriceId": cell("%s/%d" % (product, hold["priceVersion"]))}
            assert Decimal(row["ConsumedQuantity"]) == line["results"], index
            assert Decimal(row["PricingQuantity"]) == credits, index
            seen["charges"] += 1
            seen["unknownProducts"] += not is_known
        else:
            is_earlier = taken_on(line["record"]) < start
            if line["settlement"] < manifest["from"]:
                tags = {}
                seen["earlierOfTheSameMonth"] += not is_earlier
            expected |= {
                "ChargeClass": "Correction" if is_earlier else "", "ChargeFrequency": "One-Time",
                "ChargeDescription": "Credit for an image edit", "ConsumedQuantity": "", "ConsumedUnit": "",
                "PricingQuantity": "", "PricingUnit": "", "SkuId": "", "SkuPriceId": ""}
            seen["credits"] += 1
            seen["corrections"] += is_earlier
        for name, value in expected.items():
            assert row[name] == value, "line %d: %s is %r, not %r" % (index, name, row[name], value)
        assert json.loads(row["Tags"]) == tags, "line %d: %s" % (index, row["Tags"])
        assert Decimal(row["BilledCost"]) == 0, index
        for name in ["EffectiveCost", "ListCost", "ContractedCost"]:
            assert Decimal(row[name]) == cost, "line %d: %s is %s, not %s" % (index, name, row[name], cost)
        assert Decimal(row["PricingCurrencyEffectiveCost"]) == credits, index
    assert not rows, list(rows)
    seen["months"] = len(months)
    print(json.dumps(seen))
    """
}
