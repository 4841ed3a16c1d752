"""The request bodies that the Opsgenie stand-in accepts; whatever else a client sends is refused."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from domain.value.model import Model

Name = Annotated[str, StringConstraints(max_length=100)]


class Responder(Model):
    """Who is to hear of an alert: by id, or by the name that its type has."""

    type: Literal["user", "team", "escalation", "schedule"]
    id: str = ""
    name: str = ""
    username: str = ""

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        word = self.username if self.type == "user" else self.name
        if bool(self.id) == bool(word) or (self.name if self.type == "user" else self.username):
            raise ValueError("a responder has an id, or a username for users and a name for the others")
        return self

    @property
    def called(self) -> str:
        """The id or the name."""
        return self.id or self.name or self.username


class Action(Model):
    """What every write may say about itself."""

    user: Name = ""
    source: Name = ""
    note: Annotated[str, StringConstraints(max_length=25_000)] = ""


class Create(Action):
    """POST /v2/alerts."""

    message: Annotated[str, StringConstraints(min_length=1, max_length=130)]
    alias: Annotated[str, StringConstraints(max_length=512)] = ""
    description: Annotated[str, StringConstraints(max_length=15_000)] = ""
    responders: tuple[Responder, ...] = ()
    tags: Annotated[tuple[Annotated[str, StringConstraints(max_length=50)], ...], Field(max_length=20)] = ()
    details: dict[str, str] = Field(default_factory=dict)
    entity: str = ""
    priority: Literal["P1", "P2", "P3", "P4", "P5"] = "P3"
