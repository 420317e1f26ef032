"""Examples made from examples: automated, pending, and only ever taught from."""

import asyncio
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from hone.core.db import Session
from hone.core.keyring import Keyring
from hone.datasets import augmenting, keeping, sealing
from hone.datasets.errors import ExampleWrong
from hone.datasets.formats import Draft
from hone.datasets.keeping import Coming, Origin
from hone.datasets.models import Example
from hone.datasets.repository import examples
from hone.datasets.repository.examples import Wanted
from hone.datasets.schemas import Augment, Augmented
from hone.datasets.sealing import Box
from hone.datasets.service.datasets import access, note
from hone.datasets.service.examples import said_of
from hone.identity import Actor, Permission

_PIECE: Final = 500
_AUTOMATED: Final = Origin("automated", "pending")


async def augment(
    session: Session, actor: Actor, keyring: Keyring, named: str, wanted: Augment
) -> Augmented:
    """Make variants of validated examples whose input is a text."""
    dataset = await access(session, actor, named, Permission.DATASETS_WRITE)
    if dataset.kind not in {"intent", "response"}:
        raise ExampleWrong(
            f"Examples of the kind {dataset.kind} cannot be varied: their output depends on each"
            " letter of the input."
        )
    box = await sealing.box_of(session, keyring, dataset)
    which = Wanted(actor.organization_id, dataset.id, ["validated"], label=wanted.label)
    added = duplicates = 0
    last: UUID | None = None
    while added < wanted.most and (rows := await examples.after(session, which, last, _PIECE)):
        last = rows[-1].id
        some = await asyncio.to_thread(_variants, box, rows, wanted)
        some = some[: wanted.most - added]
        kept = await keeping.keep(session, dataset, box, some, _AUTOMATED)
        added, duplicates = added + len(kept.added), duplicates + kept.duplicates
    data = {"methods": list(wanted.methods), "added": added}
    note(session, actor, "dataset.augmented", dataset, data)
    return Augmented(added=added, duplicates=duplicates)


def _variants(box: Box, rows: Sequence[Example], wanted: Augment) -> list[Coming]:
    made: list[Coming] = []
    for row, said in said_of(box, rows):
        # One that was made itself would be varied ever further from what somebody said.
        if row.parent_id is not None or row.split not in {None, "train"}:
            continue
        if not isinstance(said.input, str):
            continue
        # By the content, not the id: the same dataset elsewhere gives the same variants.
        seed = f"{wanted.seed} {said.input}"
        for text in augmenting.variants(said.input, wanted.methods, wanted.copies, seed):
            draft = Draft(text, said.output, conversation=row.conversation_id)
            made.append(Coming(draft, parent_id=row.id, person=row.person))
    return made
