"""By what an alert is known to be about security: names in its words, senders whose business it is (SCP-3)."""

_NAMES = (
    r"\b(?:breach(?:es|ed)?|intru(?:sion|der)s?|exfiltrat\w*|ransomware|malware|rootkit|back ?door|web ?shell"
    r"|crypto ?min(?:er|ing)|trojan|phishing|privilege escalation|account take ?over|lateral movement"
    r"|remote code execution|sql injection|command[ -]and[ -]control|data (?:leak|theft)"
    r"|(?:leaked|stolen|compromised) (?:\w+ )?(?:credential|password|token|key|secret|account|host|server|data)s?"
    r"|(?:credential|password|token|secret|api key)s? (?:leak(?:s|ed|age)?|theft|stuffing|compromised|stolen)"
    r"|brute[ -]?force(?: attack)?|unauthori[sz]ed (?:access|log ?in|sign ?in))\b"
)
_NO_PART = (
    r"(?![ _-](?:scan\w*|filter\w*|prevention|protection|training|simulation|test|queue|job|service|engine"
    r"|detection (?:system|service|engine|sensor|queue|latency|is|down)))"
)
"""A thing that is called after what it looks for is none of it: a malware scanner, a phishing filter."""
_FINDINGS = (
    r"(?-i:\b(?:AttackSequence|Backdoor|Behavior|CredentialAccess|CryptoCurrency|DefenseEvasion|Discovery|Execution"
    r"|Exfiltration|Impact|InitialAccess|PenTest|Persistence|Policy|PrivilegeEscalation|Recon|Stealth|Trojan"
    r"|UnauthorizedAccess):[A-Z]\w+/[A-Z])"
)
"""How GuardDuty calls what it finds."""
_GUARDS = (
    r"\b(?:guardduty|security hub|securityhub|macie|falco|crowdstrike|sentinelone|wiz|defender(?: for \w+)?)"
    r"\W+(?:findings?|detections?|threats?|alerts?|issues?)\b"
)
_ABROAD = (
    r"\b(?:datenleck|datenpanne|datendiebstahl|eindringling|fuite de données|accès non autorisé"
    r"|acceso no autorizado|fuga de datos|brecha de seguridad|acesso não autorizado)\b"
    "|不正アクセス|情報漏洩|数据泄露|入侵"
)
SECURITY = f"{_NAMES}{_NO_PART}|{_FINDINGS}|{_GUARDS}|{_ABROAD}"
"""A pattern in an alert's title or description that makes a security incident."""

_MEASURE = (
    r"(?:slo|sla|sli|budget|threshold|latency|limit|quota|objective|target|burn|baseline|p\d\d|percentile"
    r"|response time|error rate|uptime|availability|service level|datapoint|alarm|metric|timeout)s?"
)
_BETWEEN = r"(?!data|security|privacy|personal|customer)\w+"
_BREACH = r"(?<!data )(?<!security )(?<!privacy )\bbreach\w*"
MEASURES = (
    rf"\b{_MEASURE}\b(?:\W+{_BETWEEN}){{0,6}}?\W+{_BREACH}|{_BREACH}\W+(?:{_BETWEEN}\W+){{0,6}}?{_MEASURE}\b"
    rf"|{_BREACH}\W+\d[\d.]*\s?(?:%|ms|s\b)"
)
"""What is breached there is a promise about a measure, and nothing that has to be hidden."""

SENDERS = (
    *("*guardduty*", "*guard duty*", "security hub*", "*securityhub*", "macie", "aws.macie", "aws.inspector*"),
    *("*security command center*", "*defender for *", "microsoft defender*", "defender", "*azure sentinel*"),
    *("*microsoft sentinel*", "falco", "falcosidekick", "wiz", "wiz.io", "wiz issue*", "crowdstrike*", "sentinelone*"),
    *("lacework*", "sysdig secure*", "prisma cloud*", "*cloud siem*", "*security signal*", "elastic security*"),
    *("carbon black*", "*threatinsight*", "wazuh*", "ossec", "suricata", "snort", "zeek", "aqua security*"),
    *("orca security*", "darktrace*", "vectra*", "*mitre*", "siem", "edr", "security", "security incident*"),
    *("security finding*", "security alert*", "security event*", "security_alert*", "security_finding*"),
    *("intrusion*", "threat", "threat detection", "threat_detection", "malware"),
)
"""What a sender is called, or calls its finding's category, `*` for any letters: names and categories, no sentences."""
