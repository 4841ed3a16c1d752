"""Who is asked for what nobody owes yet, in the words of every surface; costs nothing to import."""


def who_is_asked(names: str) -> str:
    """Several stand by the first of them: "Dana and others, asked"; empty where nobody is asked."""
    first, _, others = names.partition(", ")
    return f"{first}{' and others' if others else ''}, asked" if first else ""
