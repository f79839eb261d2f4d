"""The shapes of answers, for the OpenAPI document; each is the `to_dict` of a report or a part."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

Plain = dict[str, Any]
Status = int | str


class Document(BaseModel):
    """A JSON object whose fields are all listed."""

    model_config = ConfigDict(extra="forbid")


class Problem(Document):
    """What went wrong, where, and what mends it."""

    error: str
    where: str
    mend: str


class Facts(Document):
    """What a file tells of its picture."""

    width_px: int
    height_px: int
    format: str
    mode: str
    orientation: int
    taken: str
    camera: str


class PictureDocument(Facts):
    """One picture of the collection."""

    digest: str
    path: str
    also_at: list[str]
    size_bytes: int
    modified: str


class PicturesDocument(Document):
    """A page of pictures."""

    revision: str
    folder: str
    total: int
    offset: int
    limit: int
    pictures: list[PictureDocument]


class FileDocument(Document):
    """One file of a picture."""

    path: str
    size_bytes: int
    modified: str
    there: bool


class DetailsDocument(PictureDocument):
    """A picture with all its files."""

    files: list[FileDocument]


class VerdictDocument(Document):
    """What two pictures are to each other."""

    verdict: str
    probability: float
    rung: str
    reason: str
    score: float | None
    hash_bits: int | None


class HitDocument(VerdictDocument, Facts):
    """One answer to a query."""

    path: str
    digest: str
    size_bytes: int
    also_at: list[str]
    doubtful: bool = Field(default=False, description="Only of a search without the look.")


class QueryDocument(Document):
    """A query and its answers, best first."""

    query: str
    hits: list[HitDocument]
    doubtful: int = Field(
        default=0,
        description="Candidates that the look may still change; only of a search without it.",
    )


class FailureDocument(Document):
    """A file that cannot be read."""

    path: str
    reason: str


class SearchDocument(Document):
    """What a search found."""

    folder: str
    model: str
    pictures: int
    answers: list[QueryDocument]
    failed: list[FailureDocument]
    sent: str = Field(default="", description="Names a picture that was sent, for GET search.")


class JobDocument(Document):
    """A piece of long work."""

    job: str
    kind: str
    state: str
    phase: str
    done: int
    total: int
    error: Problem | None
    result: Plain | None


class JobsDocument(Document):
    """All work that is remembered."""

    jobs: list[JobDocument]


class LimitsDocument(Document):
    """What may be asked at once."""

    upload_bytes: int
    page: int
    k: int


class StatusDocument(Document):
    """How the server is."""

    version: str
    folder: str
    name: str
    state: str
    pictures: int
    files: int
    unreadable: int
    model: str
    revision: str
    jobs: list[JobDocument]
    features: list[str]
    limits: LimitsDocument
    copies: str
    map: str
    error: Problem | None


class ModelDocument(Document):
    """A model."""

    name: str
    d: int | None
    licence: str
    provenance: str
    calibrated_for: list[str]
    words: bool
    source: str
    problem: str


class ModelsDocument(Document):
    """All models that can be named."""

    models: list[ModelDocument]
    folder: str


class InfoDocument(Document):
    """What the index holds."""

    folder: str
    index: str
    model: str
    fingerprint: str
    d: int
    made_with: str
    pictures: int
    files: int
    others: int
    index_bytes: int
    formats: dict[str, int]
    answers: int
    learned: list[str]
    failed: list[FailureDocument]


def answers(model: type[BaseModel], *further: int) -> dict[Status, Plain]:
    """The answers of a route: its document, and every error."""
    codes = (400, 401, 403, 404, 409, 422, 503, *further)
    problems: dict[Status, Plain] = {code: {"model": Problem} for code in codes}
    return {200: {"model": model}, **problems}


def bytes_of(kind: str, *further: int) -> dict[Status, Plain]:
    """The answers of a route that gives no JSON."""
    body = {kind: {"schema": {"type": "string", "format": "binary"}}}
    found = answers(Problem, *further)
    found[200] = {"description": "The picture.", "content": body}
    return found


def accepted(model: type[BaseModel]) -> dict[Status, Plain]:
    """The answers of a route that begins work."""
    given = answers(model)
    return {202: given.pop(200), **given}
