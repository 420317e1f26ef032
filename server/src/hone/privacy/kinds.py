"""The kinds of data that have a time to go: where each lies, its default, its least and most time."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

KindName = Literal[
    "contents",
    "operations",
    "figures",
    "audit_details",
    "sessions",
    "replays",
    "quarantine",
    "files",
    "feedback",
    "alerts",
]
NAMES: Final[tuple[KindName, ...]] = get_args(KindName)


@dataclass(frozen=True, slots=True)
class Part:
    """A table of a kind, and how old each row of it is."""

    table: str
    moment: str
    """The column or expression that tells it."""
    key: str
    before: str = "{moment} < :before"
    """Which rows go."""
    oldest: str | None = None
    """How the oldest is found, where its age stands in another table."""
    counted: bool = True
    """Whether its rows are what people count by."""

    @property
    def due(self) -> str:
        """Write which rows of an organization go."""
        return f"organization_id = :organization AND {self.before.format(moment=self.moment)}"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of data."""

    name: KindName
    about: str
    parts: tuple[Part, ...]
    default: int | None = None
    least: int = 1
    most: int | None = None
    """No rule may keep it longer; None: any."""


_OPERATION: Final = "created_at, id"
_SUMS: Final = "organization_id, minute, model, route, status"
_FEEDBACK_SUMS: Final = "organization_id, hour, model, kind, metric"
_CONTENTS: Final = Part("operation_contents", "created_at", _OPERATION)
# Who was here last stays told.
_NEWER: Final = (
    "{moment} < :before AND EXISTS (SELECT FROM sessions AS newer"
    " WHERE newer.organization_id = sessions.organization_id"
    " AND newer.person_id = sessions.person_id AND newer.last_seen_at > sessions.last_seen_at)"
)
_ENDED: Final = "status IN ('failed', 'completed', 'expired', 'cancelled')"
KINDS: Final = (
    # A prompt that was told with an outcome is a prompt, too.
    Kind(
        "contents",
        "Prompts and answers, sealed.",
        (_CONTENTS, Part("routing_outcomes", "updated_at", "id")),
    ),
    Kind(
        "operations",
        "Calls: who, when, which model, what it cost. Their contents go with them.",
        (
            Part("operations", "created_at", _OPERATION),
            # An hour goes when all of it is due; only then does nothing of it have to be found.
            Part(
                "operation_facets",
                "hour",
                "organization_id, field, hour, value",
                before="{moment} < :before - interval '1 hour'",
                counted=False,
            ),
        ),
    ),
    Kind(
        "figures",
        "Sums of each minute, of costs and of feedback, without anything personal.",
        (
            Part("operation_minutes", "minute", _SUMS),
            Part("operation_quarters", "minute", _SUMS, counted=False),
            Part("operation_costs", "start", "tableoid, ctid", counted=False),
            Part("feedback_hours", "hour", _FEEDBACK_SUMS, counted=False),
            Part("feedback_labels", "day", "tableoid, ctid", counted=False),
            Part("feedback_signal_hours", "hour", "tableoid, ctid", counted=False),
            Part("feedback_conversations", "hour", "organization_id, hour", counted=False),
        ),
        least=31,
    ),
    Kind(
        "audit_details",
        "What an event says. That it happened, when and by whom stays: the chain needs it.",
        (
            Part(
                "event_details",
                "(SELECT at FROM events WHERE events.id = event_id)",
                "event_id",
                before="event_id IN (SELECT id FROM events"
                " WHERE organization_id = :organization AND at < :before)",
                oldest="SELECT at FROM events WHERE organization_id = :organization AND EXISTS"
                " (SELECT FROM event_details WHERE event_id = events.id) ORDER BY at LIMIT 1",
            ),
        ),
        least=90,
    ),
    Kind(
        "sessions",
        "Sessions that ended, but for each person's last.",
        (
            Part(
                "sessions",
                "least(coalesce(ended_at, expires_at), expires_at)",
                "id",
                before=_NEWER,
            ),
        ),
        default=90,
        most=90,
    ),
    Kind(
        "replays",
        "Answers kept to be given again under the same Idempotency-Key.",
        (Part("idempotency", "expires_at - interval '1 day'", "key_digest"),),
        default=1,
        most=1,
    ),
    Kind(
        "quarantine",
        "Records that could not be stored, and why.",
        (Part("quarantine", "created_at", "id"),),
        least=7,
    ),
    Kind(
        "files",
        "Files, sealed, and the batches over them. A batch that is not over keeps its own.",
        (
            Part(
                "files",
                "created_at",
                "id",
                before="{moment} < :before AND complete AND NOT EXISTS (SELECT FROM batches"
                " WHERE batches.organization_id = files.organization_id"
                f" AND input_file_id = files.id AND NOT {_ENDED})",
            ),
            Part(
                "batches", "created_at", "id", f"{{moment}} < :before AND {_ENDED}", counted=False
            ),
        ),
    ),
    Kind(
        "feedback",
        "What people said of answers, with corrections and comments, and signs that calls gave.",
        (
            Part("feedback", "created_at", "id"),
            Part(
                "feedback_signals",
                "created_at",
                "organization_id, operation_id, kind",
                counted=False,
            ),
        ),
    ),
    Kind(
        "alerts",
        "Alerts that are over, with what was sent of them, and silences that ended.",
        (
            Part("alerts", "resolved_at", "id"),
            Part("alert_silences", "until", "id", counted=False),
        ),
        default=365,
        least=30,
    ),
)
BY_NAME: Final = {kind.name: kind for kind in KINDS}
