"""The words responders type, and what we call it."""

USAGE = {
    "declare": "declare <service> [severity] <what is wrong>",
    "ack": "ack",
    "severity": "severity <severity> [reason], such as: severity P2 only few are hit",
    "role": "role <role> [@person], such as: role comms @ada",
    "assign": "assign <role> @person, or: assign @person <what is to be done>",
    "finding": "finding <what you see> [actions: …] [needs: …]",
    "update": "update [investigating|identified|monitoring] <text>, or: update approve [number], or: update mail,"
    " or: update withdraw|posted|told|needed|needless <text>",
    "mitigated": "mitigated [what customers read]: the state Monitoring, in its form",
    "change": "change rollback|config|hotfix [bypass] <what>, or: change authorise|refuse <number> [reason]",
    "note": "note <text>",
    "page": "page <person or level> [reason]",
    "escalate": "escalate [severity or @person] [reason]",
    "status": "status",
    "who": "who",
    "join": "join",
    "due": "due",
    "timeline": "timeline",
    "snooze": "snooze <clause> <span> <reason>, such as: snooze WAR-4 15m rolling back",
    "task": "task [@person] <what is to be done>",
    "action": "action [@person] <what>, or: action done|declined|reopen|change <item> [reason],"
    " or: action none <reason>",
    "breach": "breach yes|no <reason>, or: breach notified|told",
    "resolve": "resolve <what happened>",
    "reopen": "reopen <reason>",
    "postmortem": "postmortem [root cause] [its title], or: postmortem cause <root cause> [its title],"
    " or, for customers: postmortem draft|publish|posted",
    "waive": "waive <clause> <reason>",
    "drill": "drill end",
    "list": "list",
    "help": "help [verb]",
}
"""The verbs and how each is written."""

VERBS = {
    "acknowledge": "ack", "acked": "ack", "acknowledged": "ack", "sev": "severity",
    "roles": "role", "info": "status", "show": "status", "summary": "status", "people": "who", "tasks": "task",
    "mitigate": "mitigated", "monitoring": "mitigated",
    "findings": "finding", "found": "finding", "updates": "update", "changes": "change",
    "notes": "note", "call": "page", "deadlines": "due", "clock": "due", "clocks": "due", "log": "timeline",
    "history": "timeline", "mute": "snooze", "todo": "action", "actions": "action", "gdpr": "breach",
    "resolved": "resolve", "fixed": "resolve", "close": "resolve", "open": "declare", "new": "declare",
    "start": "declare", "downgrade": "severity", "upgrade": "severity",
    "raise": "severity", "lower": "severity", "pm": "postmortem",
    "post-mortem": "postmortem", "retro": "postmortem", "ls": "list", "?": "help", "": "menu",
}  # fmt: skip
"""What responders type instead of a verb."""

SAID = {
    "i'm on it": "ack", "im on it": "ack", "on it": "ack", "take command": "role commander", "handover": "role",
    "hand over a role": "role", "hand over": "role", "tell the room": "finding", "write to customers": "update",
    "publish": "update approve", "record a change": "change", "allow": "change authorise", "refuse": "change refuse",
    "page somebody": "page", "add a note": "note", "quiet for a while": "snooze", "quiet": "snooze",
    "what is due": "due", "solved": "resolve", "not over": "reopen", "i command": "role commander",
    "take commander": "role commander", "i am commander": "role commander", "i'm commander": "role commander",
    "i write to customers": "role comms",
}  # fmt: skip
"""What people read on presses and type, and the verb that does the same; of two that begin alike the longer first."""

ROLES = {
    "commander": "commander", "ic": "commander", "lead": "commander", "command": "commander",
    "incident-commander": "commander", "incident-lead": "commander", "comms": "comms", "comm": "comms",
    "communications": "comms", "comms-lead": "comms", "communications-lead": "comms", "engineer": "on_call",
    "oncall": "on_call", "on-call": "on_call", "on_call": "on_call", "on-call-engineer": "on_call",
    "responder": "on_call",
    "manager": "manager", "em": "manager", "engineering-manager": "manager",
}  # fmt: skip
"""What responders call the policy's roles; any other word is taken for a role of the policy by its own name."""

PUBLIC_POSTMORTEM = {
    "draft": ("draft_public_postmortem", "body"),
    "publish": ("approve_public_postmortem", "body"),
    "posted": ("post_public_postmortem", "url"),
}
"""What is done about the account that customers get (COM-8), and what its words are."""

CHANGES = {
    "rollback": "rollback", "revert": "rollback", "roll-back": "rollback", "config": "config",
    "configuration": "config", "flag": "config", "hotfix": "hotfix", "fix": "hotfix", "patch": "hotfix",
}  # fmt: skip
CHANGES_ALONE = ("rollback", "roll-back", "revert", "hotfix")
"""Those that nothing else is called by, so that the verb may be left out."""
ANSWERS = {
    "authorise": "true",
    "authorize": "true",
    "approve": "true",
    "refuse": "false",
    "deny": "false",
    "reject": "false",
}
STATES = ("investigating", "identified", "monitoring", "resolved")
BREACH = {"yes": "true", "y": "true", "no": "false", "n": "false"}
UPDATE_ACTS: dict[str, tuple[str, str, dict[str, str]]] = {
    "withdraw": ("withdraw_update", "because", {}),
    "posted": ("post_by_hand", "url", {}),
    "told": ("tell_account", "how", {}),
    "needed": ("say_customers_affected", "reason", {"affected": "true"}),
    "needless": ("say_customers_affected", "reason", {"affected": "false"}),
}
"""Behind `update`: the act, the field that its text is about, and what the word itself says."""
