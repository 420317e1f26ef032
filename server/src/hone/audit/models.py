"""Tables of the audit domain."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from hone.core.db import Base


class Verification(Base):
    """One walk along an organization's chain; it goes on from `checked` when it is interrupted."""

    __tablename__ = "event_verifications"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    requested_by: Mapped[str]
    state: Mapped[str]
    checked: Mapped[int]
    total: Mapped[int]
    hash: Mapped[bytes]
    broken_at: Mapped[int | None]
    reason: Mapped[str | None]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
