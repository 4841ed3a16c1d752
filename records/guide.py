"""What a bundle says about itself to somebody who has nothing else."""

GUIDE = """\
AUDIT EVIDENCE OF AN INCIDENT RESPONSE PROCEDURE

What is in here
  events.jsonl       Every event of every incident that had an event in the period or was open in it: who did what
                     when, which deadline was met or missed, what was said to whom. One JSON object a line.
                     Incidents are whole: events before and after the period are there too, for a piece of a chain
                     proves nothing.
  policies.jsonl     Every version of the procedure that those incidents ran under, with the first use of it and the
                     number of incidents.
  scorecard.csv      One line for each incident, one column for each clause of the procedure: kept, how late,
                     never kept, running, overdue, waived by whom, or did not apply. As of the moment of writing.
  clauses.csv        The same, added up by clause (met: kept; missed: never kept; open: running); no drills.
  kpi.json           The key figures of the incidents that first ended in the period or were not over at its end, with
                     counts, and the targets of the policy that was in force last; no drills.
  report.html        All this as a page for people: figures, population, and each incident with its scorecard,
                     approvals with their proof, runbook, policy and exceptions with their reasons. It prints.
  population.csv     For each day (UTC) and door: how many deliveries were received; of these how many were handed on,
                     held nothing for anybody (a test), could not be read, wait; how many were byte for byte another
                     of that day; and how many alerts of that sender joined incidents or were suppressed.
                     These six and this file follow from events.jsonl, suppressed.jsonl, deliveries.jsonl and
                     not-taken.jsonl: the program makes them again and compares, where it reckons as the one did that
                     wrote them ("derivation" in the manifest).
  suppressed.jsonl   Alerts that opened nothing in the period, each with the reason.
  not-taken.jsonl    What people or vendors did for an incident that had ended, or while the engine was away, and that
                     was not taken any more: when it arrived, who, what, and why not. Not there where nothing was.
  checkpoints.jsonl  Signed statements, made while the procedure ran, of how far each incident's record had come, and
                     of how many alerts had opened nothing on days that were over.
  stamps.jsonl       What a time-stamp authority (RFC 3161) answered about checkpoints, where one is asked.
  manifest.json      The period, the SHA-256 of every file, the end of every incident's record, and a signature.

How to check it
  standfast audit verify FILE.zip --key KEY
  KEY is the public key that you were given by another way than this file. Nothing is asked of anybody else.
  --from DAY and --to DAY say the period that you asked for: a bundle of another one is whole too.
  --tsa-root FILE checks the time stamps by the certificates of the authority that gave them.

How to check it without that program
  * manifest.json: the Ed25519 signature is over the UTF-8 of the value of "manifest" as canonical JSON: keys sorted,
    no spaces, no escapes but those that JSON demands. So are those of the checkpoints over the value of "checkpoint".
  * The SHA-256 of each other file is in the manifest.
  * The "hash" of an event is the SHA-256 of its canonical JSON without "hash". Its "previous_hash" is the hash of the
    event before it in the same incident; that of the first is 64 zeros.
    An event that was erased on request does not give its "hash": the "erasures" of a later checkpoint name it with its
    hash, and as "left" the SHA-256 of what stands here.
  * A "response" in stamps.jsonl is a TimeStampResp in base64, over the SHA-256 of the line of that checkpoint:
    `openssl ts -verify` checks it.
  * A checkpoint's "heads" say number and hash of an event; the event of that number must have that hash. One that is
    "open" was not over then: it is in here, whether it moved in the period or not.
"""
