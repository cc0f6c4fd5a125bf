#!/bin/sh
# Checks an export of a Tally audit log without Tally: sh verify.sh [KEY] in the bundle, or BUNDLE=folder sh verify.sh KEY.
# KEY is the operator's vkey from where you pinned it; without it log.vkey is taken on trust. Needs sha256sum, openssl and
# python3. Exit status 0: whole; anything else: it is not, or it could not be checked.
set -eu
cd "${BUNDLE:-$(dirname "$0")}"
sha256sum --quiet -c manifest-sha256.txt
exec python3 - "${1:-}" <<'PYTHON'
import base64, hashlib, json, os, subprocess, sys, tempfile
def fail(words):
    sys.exit("NOT WHOLE: " + words)
def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()
def hashes(name):
    return [base64.b64decode(line, validate=True) for line in open(name).read().splitlines()]
manifest = json.load(open("manifest.json"))
first, end, log = manifest["from"], manifest["to"], manifest["log"]
# The head and its signature (C2SP signed note, Ed25519).
key_name, key_id, key = (sys.argv[1] or open("log.vkey").read().strip()).split("+", 2)
key = base64.b64decode(key, validate=True)
text, signatures = open("checkpoint", "rb").read().rsplit(b"\n\n", 1)
origin, size, root = text.decode().split("\n")[:3]
size, root = int(size), base64.b64decode(root, validate=True)
if origin != log or size < end or key[0] != 1 or sha(key_name.encode() + b"\n" + key)[:4].hex() != key_id:
    fail("checkpoint and manifest.json or the key do not fit together")
signed = False
for name, signature in [line.split(" ")[1:] for line in signatures.decode().splitlines()]:
    signature = base64.b64decode(signature, validate=True)
    if name == key_name and signature[:4].hex() == key_id:
        with tempfile.TemporaryDirectory() as folder:
            der = bytes.fromhex("302a300506032b6570032100") + key[1:]
            for part, content in {"key": der, "text": text + b"\n", "sig": signature[4:]}.items():
                open(os.path.join(folder, part), "wb").write(content)
            command = "openssl pkeyutl -verify -pubin -inkey key -keyform DER -rawin -in text -sigfile sig"
            signed |= subprocess.run(command.split(), cwd=folder, capture_output=True).returncode == 0
if not signed:
    fail("checkpoint is not signed by the key")
# The lines: their places, their budgets, and their root (RFC 6962).
peaks, index, budgets = hashes("peaks"), first, {}
if len(peaks) != bin(first).count("1"):
    fail("peaks are not as many as they must be")
for name in [file["name"] for file in manifest["files"] if file["name"].startswith("audit-")]:
    for line in open(name, "rb"):
        event, at = json.loads(line), "%s: line %d " % (name, index)
        if event["index"] != index or event["log"] != log or not line.endswith(b"\n"):
            fail(at + "is not the one that has to come")
        if index == first and os.path.exists("state.json") and event["book"] != hashlib.sha256(open("state.json", "rb").read()).hexdigest():
            fail(at + "does not close with the book of state.json")
        for row in event.get("budgets", []):
            budget = (row["scope"], row["subject"], row["start"], row["period"])
            before, after = (row["usedBefore"], row["heldBefore"]), (row["usedAfter"], row["heldAfter"])
            if budgets.get(budget, before) != before:
                fail(at + "does not go on from where budget %s stood" % (budget,))
            if event["action"] == "edit.held" and row["limit"] is not None and sum(after) > row["limit"]:
                fail(at + "exceeds budget %s" % (budget,))
            budgets[budget] = after
        node, level, index = sha(b"\0", line[:-1]), index, index + 1
        while level & 1:
            node, level = sha(b"\1", peaks.pop(), node), level >> 1
        peaks.append(node)
if index != end:
    fail("lines are missing from %d on" % index)
new = root if end == 0 else peaks.pop()
while peaks:
    new = sha(b"\1", peaks.pop(), new)
# From the root at the range's end to the signed one (RFC 9162, section 2.1.4.2).
proof, start, place, last = hashes("to.proof"), new, end - 1, size - 1
if 0 < end < size:
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = proof.pop(0) if place else start
    for node in proof:
        old, new = (sha(b"\1", node, old), sha(b"\1", node, new)) if place & 1 or place == last else (old, sha(b"\1", new, node))
        while place and place == last and not place & 1:
            place, last = place >> 1, last >> 1
        place, last = place >> 1, last >> 1
    if old != start or last:
        fail("to.proof does not begin at the lines' root")
sys.exit("NOT WHOLE: the lines do not lead to the signed root" if new != root else None)
PYTHON
