"""COM-5: the e-mail to enterprise accounts, drafted for approval and sent to each once."""

from domain.rule.clause import Clause
from domain.rule.ruleset import Ruleset

COM_5 = Clause(
    "COM-5",
    "For a P1 that touches enterprise accounts, the customer e-mail is drafted for approval, and sent to "
    "each account once.",
    still=True,
)
RULES = Ruleset(clauses=(COM_5,))
