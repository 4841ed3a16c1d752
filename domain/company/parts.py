"""What each person of a company usually does in an incident, by the lists of its teams."""

from domain.company.catalog import Catalog


def usual_parts(catalog: Catalog) -> dict[str, str]:
    """In a word or two; of several what fewest can do, and empty for whom no team lists."""
    teams = catalog.teams.values()
    lists = {
        "commands": {one for team in teams for one in team.commanders},
        "writes to customers": {one for team in teams for one in team.comms},
        "manages": {one for team in teams for one in team.managers},
        "on call": {one for team in teams for level in team.levels.values() for one in level.everybody},
    }
    return {one: next((part for part, who in lists.items() if one in who), "") for one in catalog.people}
