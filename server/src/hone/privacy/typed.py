"""What people typed beside what they did: reasons and notes of releases, versions, experiments, alerts and approvals.

It goes where the one who is erased typed it, and where it names them. What was done stays, when and by
which id; the text is then `erased`.
"""

import re
from typing import Final

from hone.privacy.places import OURS, Trace

_LEAST: Final = 4
"""A shorter name is a word like any other."""
_REASON: Final = '\'{"reason": "erased"}\''


def pattern(*named: str | None) -> str | None:
    """Write an expression of PostgreSQL that finds any of some names as a whole word."""
    known = [re.escape(each) for each in named if each and len(each) >= _LEAST]
    return rf"(?i)(^|[^\w-])({'|'.join(known)})($|[^\w-])" if known else None


def _by(column: str) -> str:
    """Write that a person did it, or a key of theirs; an end user does nothing here."""
    return f"({column} = CAST(:actor AS text) OR {column} = ANY(CAST(:subjects AS text[])))"


def _names(column: str) -> str:
    return f"coalesce({column} ~ CAST(:typed AS text), false)"


_EACH_BY: Final = _by("each ->> 'by'")
_EACH_NOTE: Final = _names("each ->> 'note'")
_OVERRIDE: Final = _names("override ->> 'reason'")
_DATA_REASON: Final = _names("data ->> 'reason'")
_EVENT: Final = _names("concat_ws(' ', data ->> 'reason', data ->> 'note', data ->> 'override')")
_UNERASED: Final = "(reason <> 'erased' OR override ->> 'reason' <> 'erased')"
_FORGET_REASON: Final = f"reason = 'erased', override = override || {_REASON}"
_APPROVALS: Final = (
    "EXISTS (SELECT FROM jsonb_array_elements(approvals) AS each WHERE each ->> 'note' <> ''"
    f" AND each ->> 'note' <> 'erased' AND ({_EACH_BY} OR {_EACH_NOTE}))"
)
_WITHOUT_NOTES: Final = (
    f"(SELECT jsonb_agg(CASE WHEN each ->> 'note' <> '' AND ({_EACH_BY} OR {_EACH_NOTE})"
    ' THEN each || \'{"note": "erased"}\' ELSE each END ORDER BY place)'
    " FROM jsonb_array_elements(approvals) WITH ORDINALITY AS all_ (each, place))"
)
# A release that went back says first why it did.
_RELEASE_WORDS: Final = (
    "EXISTS (SELECT FROM release_events AS said WHERE said.organization_id = :organization"
    f" AND said.release_id = releases.id AND {_by('said.actor')} AND said.data ? 'reason'"
    " AND starts_with(releases.words, said.words))"
)
_TURN_WORDS: Final = (
    "SELECT said.words FROM improvement_decisions AS said"
    " WHERE said.organization_id = :organization AND said.turn_id = improvement_turns.id"
    f" AND {_by('said.who')}"
)
_TOLD_WORDS: Final = "data ->> 'words'"
_DECIDER: Final = "decided ->> 'by'"
# Who stopped an experiment stands in the trail only.
_STOPPED_IT: Final = (
    "EXISTS (SELECT FROM events JOIN event_details AS told ON told.event_id = events.id"
    " WHERE events.organization_id = :organization AND told.data ->> 'reason' = ended_reason"
    " AND events.subject = 'exp_' || replace(experiments.id::text, '-', '')"
    f" AND {_by('events.actor')})"
)
_DECIDED_IT: Final = f"coalesce({_by(_DECIDER)}, false)"
_LINES: Final = (
    "regexp_split_to_table(message ->> 'words', E'\\n') WITH ORDINALITY AS all_ (line, place)"
)
_LINE: Final = f"line <> 'erased' AND {_names('line')}"
_WITHOUT_LINES: Final = (
    f"(SELECT string_agg(CASE WHEN {_LINE} THEN 'erased' ELSE line END, E'\\n' ORDER BY place)"
    f" FROM {_LINES})"
)
_ENDED: Final = (
    "alert_id IN (SELECT id FROM alerts WHERE alerts.organization_id = :organization"
    f" AND note IS NOT NULL AND ({_by('resolved_by')} OR {_names('note')}))"
)


def traces() -> list[Trace]:
    """List the places, in the order of erasing: what is found by another's row goes before it."""
    return [
        Trace(
            "release_reasons",
            "releases",
            f"{_UNERASED} AND ({_by('created_by')} OR {_names('reason')} OR {_OVERRIDE})",
            change=_FORGET_REASON,
        ),
        Trace("release_approvals", "releases", _APPROVALS, change=f"approvals = {_WITHOUT_NOTES}"),
        Trace(
            "release_words",
            "releases",
            f"words <> 'erased' AND ({_RELEASE_WORDS} OR {_names('words')})",
            change="words = 'erased', outcome = CASE WHEN outcome ? 'words'"
            ' THEN outcome || \'{"words": "erased"}\' ELSE outcome END',
        ),
        Trace(
            "release_events",
            "release_events",
            f"words <> 'erased' AND ({_by('actor')} AND data ? 'reason'"
            f" OR {_names('words')} OR {_DATA_REASON})",
            key="sequence",
            change="words = 'erased', data = CASE WHEN data ? 'reason'"
            f" THEN data || {_REASON} ELSE data END",
        ),
        Trace(
            "experiment_reasons",
            "experiments",
            f"ended_reason <> 'erased' AND ({_DECIDED_IT} OR {_STOPPED_IT} OR {_names('ended_reason')})",
            change="ended_reason = 'erased', decided = CASE WHEN decided ? 'reason'"
            f" THEN decided || {_REASON} ELSE decided END",
        ),
        Trace(
            "hypotheses",
            "experiments",
            f"hypothesis <> 'erased' AND {_names('hypothesis')}",
            change="hypothesis = 'erased'",
        ),
        Trace(
            "dataset_notes",
            "dataset_versions",
            f"note <> '' AND note <> 'erased' AND ({_by('created_by')} OR {_names('note')})",
            change="note = 'erased'",
        ),
        Trace(
            "model_history",
            "model_history",
            f"{_UNERASED} AND ({_by('actor')} OR {_names('reason')} OR {_OVERRIDE})",
            key="sequence",
            change=_FORGET_REASON,
        ),
        Trace(
            "improvement_turns",
            "improvement_turns",
            f"(words <> 'erased' AND (words IN ({_TURN_WORDS}) OR {_names('words')})"
            f" OR override <> 'erased' AND (EXISTS ({_TURN_WORDS} AND said.decision = 'overridden')"
            f" OR {_names('override')}))",
            change="words = 'erased',"
            " override = CASE WHEN override IS NULL THEN NULL ELSE 'erased' END",
        ),
        Trace(
            "improvement_decisions",
            "improvement_decisions",
            f"words <> 'erased' AND ({_by('who')} OR {_names('words')})",
            key="turn_id, number",
            change="words = 'erased'",
        ),
        Trace(
            "alert_endings",
            "alert_deliveries",
            f"event = 'resolved' AND message ->> 'words' <> 'erased' AND {_ENDED}",
            change='message = message || \'{"words": "erased"}\'',
        ),
        # A digest has a line for each thing it tells, and what is told of a run has others' words, too.
        Trace(
            "alert_lines",
            "alert_deliveries",
            f"EXISTS (SELECT FROM {_LINES} WHERE {_LINE})",
            change="message = message || jsonb_build_object('words', " + _WITHOUT_LINES + ")",
        ),
        Trace(
            "training_notices",
            "training_notices",
            f"({_by('target')} OR {_names('words')})",
            key="run_id, event, target",
        ),
        Trace(
            "alert_notes",
            "alerts",
            f"note <> 'erased' AND ({_by('resolved_by')} OR {_names('note')})",
            change="note = 'erased'",
        ),
        Trace(
            "alert_silences",
            "alert_silences",
            f"reason <> 'erased' AND ({_by('created_by')} OR {_names('reason')})",
            change="reason = 'erased'",
        ),
        Trace(
            "event_reasons",
            "event_details",
            f"data ?| ARRAY['reason', 'note', 'override'] AND ({_EVENT}"
            f" OR event_id IN (SELECT id FROM events WHERE {OURS} AND {_by('actor')}"
            " AND split_part(name, '.', 1) IN"
            " ('release', 'model_version', 'experiment', 'alert', 'improvement_turn')))",
            key="event_id",
        ),
        Trace(
            "event_words",
            "event_details",
            f"data ? 'words' AND {_names(_TOLD_WORDS)}",
            key="event_id",
        ),
    ]
