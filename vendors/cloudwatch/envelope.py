"""What SNS posts: an envelope that says which topic spoke, with the text that its signature covers.

https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
"""

import json
import re
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field

from domain.value.model import Instant
from vendors.door import Unreadable, parse, read_json

ARN = re.compile(r"arn:(aws[a-z-]*):([a-z]+):([a-z0-9-]+):(\d+):(.+)", re.DOTALL)
MESSAGE = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
CONFIRMATION = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
"""What is signed, in this order. https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html"""


class Arn(BaseModel):
    """The parts of an Amazon resource name that addresses are made of."""

    model_config = ConfigDict(frozen=True)

    partition: str
    region: str
    account: str
    name: str

    @classmethod
    def read(cls, text: str, path: str) -> "Arn":
        """Take the name apart, or say that it is none."""
        found = ARN.fullmatch(text)
        if not found:
            raise Unreadable(path, repr(text)[:80], "an Amazon resource name")
        partition, _, region, account, name = found.groups()
        return cls(partition=partition, region=region, account=account, name=name)

    @property
    def sns(self) -> str:
        """The host of SNS for this region."""
        return f"sns.{self.region}.amazonaws.com" + (".cn" if self.partition == "aws-cn" else "")


class Envelope(BaseModel):
    """One message of SNS. Headers repeat parts of it, but only the body is signed."""

    model_config = ConfigDict(frozen=True)

    Type: Literal["Notification", "SubscriptionConfirmation", "UnsubscribeConfirmation"]
    MessageId: str
    TopicArn: str
    Message: Annotated[str, BeforeValidator(lambda value: value if isinstance(value, str) else json.dumps(value))]
    Subject: str | None = None
    Timestamp: str
    """As it was written, because that is what was signed."""
    Token: str = ""
    SubscribeURL: str = ""
    SignatureVersion: str = ""
    Signature: str = ""
    SigningCertURL: str = Field(default="", validation_alias=AliasChoices("SigningCertURL", "SigningCertUrl"))
    """A Lambda function that passes messages on spells it differently."""

    @property
    def topic(self) -> Arn:
        """The topic's name, taken apart."""
        return Arn.read(self.TopicArn, "TopicArn")

    @property
    def sent_at(self) -> Instant:
        """When SNS sent it first; a retry keeps it."""
        return parse(_Sent, {"Timestamp": self.Timestamp}).Timestamp

    @property
    def signed(self) -> bytes:
        """The text that the signature covers: the values as they are after decoding, a missing subject left out."""
        names = MESSAGE if self.Type == "Notification" else CONFIRMATION
        values = [(name, getattr(self, name)) for name in names]
        return "".join(f"{name}\n{value}\n" for name, value in values if value is not None).encode()


class _Sent(BaseModel):
    """The time in an envelope."""

    Timestamp: Instant


def told_in(content: Any) -> list[Any]:
    """What a body holds: each record that SNS or a queue has given a Lambda function, each of a list, or itself.

    https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html, .../with-sqs.html
    """
    if isinstance(content, dict) and isinstance(content.get("Records"), list):
        records = content["Records"]
        if not any(isinstance(one, dict) and one.keys() & {"Sns", "body", "eventSource"} for one in records):
            raise Unreadable("Records", f"{len(records)} records", "what SNS or a queue gives a Lambda function")
        content = [_unwrapped(record) for record in records]
    return content if isinstance(content, list) and content else [content]


def _unwrapped(record: Any) -> Any:
    if not isinstance(record, dict):
        return record
    body = record.get("body")
    if not isinstance(body, str):
        return record.get("Sns", record)
    try:
        return read_json(body.encode(errors="replace"))
    except Unreadable:
        return body


def envelope_of(content: Any) -> Envelope | None:
    """The envelope of SNS that this is; None for what is none."""
    return parse(Envelope, content) if isinstance(content, dict) and "Type" in content else None
