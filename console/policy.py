"""The policy and the catalog: checked, explained in plain words, and described for editors."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema
from rich.text import Text

from config.company import InvalidFile, Settings, load, read_yaml
from config.fit import examine, strangers
from console.code import CHECK_FAILED, REFUSED
from console.completion import clauses
from console.screen import complain, show, show_json
from console.session import AsJson
from domain.check import remarks
from domain.company.catalog import Catalog
from domain.company.policy import Policy
from domain.report.explanation import explain, explained

app = typer.Typer(name="policy", no_args_is_help=True, help="Check, explain and describe the policy and the catalog.")
SPAN = r"^(\d+(\.\d+)?(ms|[smhd]))+$"


@app.command()
def check(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILES]", help="Policies and catalogs; those of the settings without any."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check that policy and catalog fit, and that the promises in them can be kept."""
    settings = Settings()
    policies, catalogs, findings = sorted_out(files or [settings.standfast_policy, settings.standfast_catalog])
    try:
        if not findings:
            policies = policies or [load(settings.standfast_policy, Policy)]
            catalogs = catalogs or [load(settings.standfast_catalog, Catalog)]
    except InvalidFile as unfit:
        findings += told(unfit)
    pairs = [(policy, catalog) for policy in policies for catalog in catalogs] if not findings else []
    found = [one for pair in pairs for one in examine(*pair)] or [one for each in catalogs for one in strangers(each)]
    findings += [str(one) for one in dict.fromkeys(found)]
    seen = dict.fromkeys(str(one) for pair in pairs for one in remarks(*pair, datetime.now(UTC).date()))
    if as_json:
        show_json({"ok": not findings, "findings": findings, "remarks": list(seen)})
    else:
        words = findings or ["Policy and catalog fit, and every promise in them can be kept."]
        show(*map(Text, [*words, *(["To be seen to:"] if seen else []), *seen]))
    raise typer.Exit(CHECK_FAILED if findings else 0)


def sorted_out(files: list[Path]) -> tuple[list[Policy], list[Catalog], list[str]]:
    """The files as what they are; a file that does not fit is told instead."""
    policies, catalogs, findings = list[Policy](), list[Catalog](), list[str]()
    for file in files:
        try:
            if is_catalog(file):
                catalogs.append(load(file, Catalog))
            else:
                policies.append(load(file, Policy))
        except InvalidFile as unfit:
            findings += told(unfit)
    return policies, catalogs, findings


def is_catalog(file: Path) -> bool:
    """Whether a file is a catalog rather than a policy: it names services, teams or people."""
    try:
        data = read_yaml(file)
    except Exception:  # whatever is wrong with it, `load` says it with path, found and expected
        return False
    return isinstance(data, dict) and bool({"services", "teams", "people"} & data.keys())


def told(unfit: InvalidFile) -> list[str]:
    """Each finding with its file before it."""
    return [f"{unfit.file}: {finding}" for finding in unfit.findings]


@app.command("explain")
def explain_clause(
    clause: Annotated[str, typer.Argument(metavar="CLAUSE", help="Such as ACK-1.", autocompletion=clauses)],
    as_json: AsJson = False,
) -> None:
    """Say in plain words what a clause will do: what happens when, and for whom."""
    policy, wanted = _policy(), clause.upper()
    sentences = explain(wanted, policy, _catalog())
    if sentences is None:
        complain(f"clause: found {clause!r}, expected one of {', '.join(explained(policy))}")
        raise typer.Exit(REFUSED)
    if as_json:
        show_json({"clause": wanted, "policy": policy.name, "says": sentences})
    else:
        show(Text(f"{wanted} in {policy.name}", "bold"), *map(Text, sentences))


def _policy() -> Policy:
    try:
        return load(Settings().standfast_policy, Policy)
    except InvalidFile as unfit:
        complain(f"{unfit}; `standfast policy check` says more")
        raise typer.Exit(REFUSED) from None


def _catalog() -> Catalog | None:
    """The company's people; a catalog that does not fit says so in `policy check`."""
    try:
        return load(Settings().standfast_catalog, Catalog)
    except InvalidFile:
        return None


@app.command()
def schema() -> None:
    """Print the JSON Schemas of policy and catalog, for editors that check YAML."""
    show_json({"policy": described(Policy), "catalog": described(Catalog)})


class _Written(GenerateJsonSchema):
    """Spans as people write them: 5m, 1h30m."""

    def timedelta_schema(self, schema: core_schema.TimedeltaSchema) -> JsonSchemaValue:
        return {"type": "string", "pattern": SPAN, "examples": ["90s", "5m", "1h30m", "14d"]}


def described(model: type[BaseModel]) -> dict[str, Any]:
    """The schema of a file: what its keys name need not be named again, and laid over another it may leave out all."""
    made = model.model_json_schema(schema_generator=_Written)
    made["properties"]["extends"] = {"type": "string", "description": "Another file that this one is laid over."}
    for name, key in (("Person", "id"), ("Service", "name")):
        if name in made["$defs"] and name in str(made["properties"]):
            made["$defs"][name]["required"].remove(key)
    over = _laid_over(made)
    shapes = {**made.pop("$defs"), **{f"{name}Over": shape for name, shape in over.pop("$defs").items()}}
    told = {"$schema": GenerateJsonSchema.schema_dialect, "title": made["title"], "$defs": shapes}
    return {**told, "if": {"required": ["extends"]}, "then": over, "else": made}


def _laid_over(schema: Any) -> Any:
    """The same schema for a file that `extends` another: nothing need be there."""
    if isinstance(schema, dict):
        kept = {key: value for key, value in schema.items() if key != "required" or not isinstance(value, list)}
        return {key: f"{value}Over" if key == "$ref" else _laid_over(value) for key, value in kept.items()}
    return [_laid_over(one) for one in schema] if isinstance(schema, list) else schema
