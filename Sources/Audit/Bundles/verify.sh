#!/bin/sh
# Checks an export of a Tally audit log without Tally: sh verify.sh [KEY] in the bundle, or BUNDLE=folder sh verify.sh KEY.
# KEY: the operator's vkey from where you pinned it, or several, of which one must have signed; without it log.vkey is taken on
# trust. Needs sha256sum, openssl and python3, which reads no program from the bundle (-I). Exit status 0: whole; else: not, or unchecked.
exec python3 -I - "${BUNDLE:-$(dirname "$0")}" "${1:-}" <<'PYTHON'
import base64, hashlib, itertools, json, os, subprocess, sys, tempfile
fail = lambda words: sys.exit("NOT WHOLE: " + words)
sha = lambda *parts: hashlib.sha256(b"".join(parts)).digest()
rows = lambda name: iter(lambda file=open(os.path.join(sys.argv[1], name), "rb"): file.readline(1 << 23), b"")
whole = lambda name: b"".join(rows(name))
hashes = lambda name: [base64.b64decode(line, validate=True) for line in whole(name).splitlines()]
# The files: those that the manifest names and no others, none of them a link or a device.
found = {entry.name for entry in os.scandir(sys.argv[1]) if entry.is_file(follow_symlinks=False) or fail(repr(entry.name) + " is no file")}
manifest = json.loads(whole("manifest.json"))
first, end, log, files = manifest["from"], manifest["to"], manifest["log"], {file["name"]: file["sha256"] for file in manifest["files"]}
sums = "".join("%s  %s\n" % (hash, name) for name, hash in [("manifest.json", sha(whole("manifest.json")).hex()), *files.items()])
if found != {"manifest.json", "manifest-sha256.txt", *files} or whole("manifest-sha256.txt") != sums.encode() or subprocess.run(
        ["sha256sum", "--quiet", "--strict", "-c", "manifest-sha256.txt"], cwd=sys.argv[1]).returncode:
    fail("the files are not those that manifest.json names")
if not set("checkpoint log.vkey peaks to.proof usage.csv statement.csv statement.json focus-1.2.csv".split()) <= found:
    fail("a file is missing that each bundle has")
# The head and its signature (C2SP signed note, Ed25519).
keys = [key.split("+", 2) for key in (sys.argv[2] or whole("log.vkey").decode()).split()]
keys = [(name, id, base64.b64decode(key, validate=True)) for name, id, key in keys]
text, signatures = whole("checkpoint").rsplit(b"\n\n", 1)
origin, size, root = text.decode().split("\n")[:3]
size, root, signed = int(size), base64.b64decode(root, validate=True), False
if origin != log or size < end or any(key[0] != 1 or sha(name.encode() + b"\n" + key)[:4].hex() != id for name, id, key in keys):
    fail("checkpoint and manifest.json or the key do not fit together")
for (name, signature), (key_name, key_id, key) in itertools.product([line.split(" ")[1:] for line in signatures.decode().splitlines()], keys):
    signature = base64.b64decode(signature, validate=True)
    with tempfile.TemporaryDirectory() as folder:
        for part, content in {"key": bytes.fromhex("302a300506032b6570032100") + key[1:], "text": text + b"\n", "sig": signature[4:]}.items():
            open(os.path.join(folder, part), "wb").write(content)
        command = "openssl pkeyutl -verify -pubin -inkey key -keyform DER -rawin -in text -sigfile sig"
        good = name == key_name and signature[:4].hex() == key_id
        signed |= good and not subprocess.run(command.split(), cwd=folder, capture_output=True).returncode
# The lines: their places, their budgets, and their root (RFC 6962).
peaks, index, budgets, private = hashes("peaks"), first, {}, rows("private.jsonl") if "private.jsonl" in found else iter(())
book, row = sha(whole("state.json")).hex() if "state.json" in found else "", json.loads(next(private, "null"))
if not signed or len(peaks) != bin(first).count("1") or (first == end and book):
    fail("checkpoint is signed by no such key, peaks are not as many as they must be, or no line names the book of state.json")
for name in sorted(name for name in files if name.startswith("audit-")):
    for line in rows(name):
        event, at = json.loads(line, parse_float=int), "%s: line %d " % (name, index)
        if event["index"] != index or event["log"] != log or json.dumps(event, sort_keys=True, separators=(",", ":")) + "\n" != line.decode():
            fail(at + "is not the one that has to come, in the form that lines have")
        if index == first and (first or book or event["action"] == "log.recovered") and event.get("book") != book:
            fail(at + "does not name the book of state.json")
        if row and row["index"] == index:
            if sha(bytes.fromhex(row["salt"]), row["payload"].encode()).hex() != event["private"]:
                fail(at + "has another hash than its row in private.jsonl")
            row = json.loads(next(private, "null"))
        for budget in event.get("budgets", []):
            place, before = tuple(budget[field] for field in ("scope", "subject", "start", "period")), (budget["usedBefore"], budget["heldBefore"])
            if budgets.get(place, before) != before:
                fail(at + "does not go on from where budget %s stood" % (place,))
            budgets[place] = after = (budget["usedAfter"], budget["heldAfter"])
            if event["action"] == "edit.held" and budget["limit"] is not None and sum(after) > budget["limit"]:
                fail(at + "exceeds budget %s" % (place,))
        node, level, index = sha(b"\0", line[:-1]), index, index + 1
        while level & 1: node, level = sha(b"\1", peaks.pop(), node), level >> 1
        peaks.append(node)
# From the root at the range's end to the signed one (RFC 9162, section 2.1.4.2).
new = peaks.pop() if peaks else root
while peaks: new = sha(b"\1", peaks.pop(), new)
proof, old, start, place, last = hashes("to.proof"), new, new, end - 1, size - 1
if index != end or row or (proof and not 0 < end < size):
    fail("lines are missing, or rows of private.jsonl or to.proof are too many")
while 0 < end < size and place & 1: place, last = place >> 1, last >> 1
old = new = proof.pop(0) if proof and place > 0 else start
for node in proof:
    old, new = (sha(b"\1", node, old), sha(b"\1", node, new)) if place & 1 or place == last else (old, sha(b"\1", new, node))
    while place and place == last and not place & 1: place, last = place >> 1, last >> 1
    place, last = place >> 1, last >> 1
if old != start or new != root or (0 < end < size and last):
    fail("the lines do not lead to the signed root")
print("Whole. Not checked: tables, statement and totals, an older head, the book that the range begins with"
      + (".", ", and who signed it: log.vkey came with it.")[not sys.argv[2]])
PYTHON
