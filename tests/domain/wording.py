"""What was said as tests compare it: the clause, which stands small and last, before the words."""

from domain.port.chat import Say


def worded(say: Say) -> str:
    """The clause and the words of a message."""
    mark = "DRILL " if say.message.text.startswith("DRILL ") else ""
    clause = say.message.small.split(" · ")[-1] or say.clause
    return f"{mark}{clause} {say.message.text.removeprefix(mark)}"


def called(say: Say) -> set[str]:
    """Whom it calls by name, or is for alone."""
    return {person.id for person in (*say.message.to, *([say.person] if say.person else []))}
