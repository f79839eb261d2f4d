"""The shapes of answers about copies and their clean-up, for the OpenAPI document."""

from pydantic import Field

from lookalike.web.documents import Document, Facts, VerdictDocument


class MemberDocument(Facts):
    """A file within a group of copies."""

    path: str
    size_bytes: int
    digest: str
    to_medoid: float


class PairDocument(VerdictDocument):
    """Two files that are copies of each other."""

    first: str
    second: str


class GroupDocument(Document):
    """Files that are all copies of each other."""

    verdict: str
    probability: float
    medoid: str
    members: list[MemberDocument]
    pairs: list[PairDocument]


class KeeperDocument(Document):
    """The file of a group that a clean-up would keep, and why."""

    path: str
    reason: str


class DuplicatesDocument(Document):
    """A page of groups, with the sums of all of the level that was asked for."""

    folder: str
    model: str
    pictures: int
    files: int
    least_probability: float
    linkage: str
    pairs: int
    expected_wrong: float
    wrong_at_most: float = 0.0
    spare_files: int
    spare_bytes: int
    unreadable: int
    total_groups: int
    offset: int
    limit: int
    groups: list[GroupDocument]
    keepers: list[KeeperDocument] = Field(description="One for each group of this page.")
    related: list[PairDocument]
    revision: str
    stale: bool


class AnsweredDocument(Document):
    """What the user said of two files."""

    a: str
    b: str
    same: bool


class TuneDocument(Document):
    """All that the user said."""

    folder: str
    added: int
    waiting: int
    tuned_by: int
    scale: float
    shift: float
    from_pictures: list[str]
    answers: list[AnsweredDocument]


class RemovalDocument(Document):
    """A picture that would go, and the copy that stays."""

    path: str
    keeper: str
    digest: str
    keeper_digest: str
    size_bytes: int
    mtime_ns: int
    reason: str
    companions: list[str]


class PlanDocument(Document):
    """What a clean-up would do."""

    plan: str
    files: int
    size_bytes: int
    version: int
    folder: str
    removals: list[RemovalDocument]
    protected: list[str]


class OperationDocument(Document):
    """One clean-up."""

    operation: str
    when: str
    files: int
    size_bytes: int
    state: str
    quarantine: str


class OperationsDocument(Document):
    """All clean-ups."""

    folder: str
    operations: list[OperationDocument]
