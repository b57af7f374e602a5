from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from civic.accounts.rules import NAME_LENGTH
from civic.badges.rules import ALT_LENGTH, ProposalState, ReviewState
from civic.catalogue.rules import Area
from civic.kernel.db.base import Base, Id, Instant, Json, TenantOwned, UtcInstant, enum_column


class Achievement(Base):
    """What a badge stands for: a rule over attended hours and the skills it shows. Of the whole
    network, of a city, or of an association in a city. Its rule stays as it is once somebody holds
    the badge: what is shown to others would else change behind its back."""

    __tablename__ = "achievement"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(60), unique=True)
    municipality_id: Mapped[UUID | None] = mapped_column(ForeignKey("municipality.id"), index=True)
    association_id: Mapped[UUID | None] = mapped_column(ForeignKey("association.id"))
    area: Mapped[Area | None] = mapped_column(enum_column(Area))
    level: Mapped[int]
    names: Mapped[dict[str, str]]
    """By language tag, as the two below."""
    descriptions: Mapped[dict[str, str]] = mapped_column(default=dict)
    criteria: Mapped[dict[str, str]] = mapped_column(default=dict)
    """What it takes, in plain words; where none are written, the rule is put into words."""
    rule: Mapped[dict[str, Any]]
    """`{"minutes": 720, "sessions": 4}`, within `area` when there is one; see `rules.Rule`."""
    skills: Mapped[list[str]]
    """ESCO ids."""
    valid_months: Mapped[int | None]
    """How long a badge of it holds; without end when none."""
    picture: Mapped[str] = mapped_column(String(32), default="")
    """Of its own, by the name of its file; empty for the one that is drawn."""
    picture_alt: Mapped[str] = mapped_column(String(ALT_LENGTH), default="")
    """What can be seen on it, for those who do not see it."""
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    retired_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    """From then on it is proposed to nobody; who holds it holds it."""


class Proposal(TenantOwned, Base):
    """The hours are there; an assessor's word is not yet.

    One for each city: hours of one city are judged by the associations of that city, which know
    nothing of the hours of another. The badge itself is awarded once.
    """

    __tablename__ = "proposal"
    __table_args__ = (UniqueConstraint("person_id", "achievement_id", "municipality_id"),)

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    achievement_id: Mapped[UUID] = mapped_column(ForeignKey("achievement.id"))
    association_id: Mapped[UUID] = mapped_column(ForeignKey("association.id"), index=True)
    """Whose organisers are asked: where most of the hours were worked."""
    state: Mapped[ProposalState] = mapped_column(enum_column(ProposalState))
    minutes: Mapped[int]
    sessions: Mapped[int]
    opened_at: Mapped[Instant]
    decided_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


LIVING = text("revoked_at IS NULL")


class Award(TenantOwned, Base):
    """A badge somebody holds (badge di competenza), or held until it was withdrawn."""

    __tablename__ = "award"
    __table_args__ = (
        # Once each; one that was withdrawn can be earned again.
        Index(
            "ix_award_living",
            "person_id",
            "achievement_id",
            unique=True,
            sqlite_where=LIVING,
            postgresql_where=LIVING,
        ),
    )

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    achievement_id: Mapped[UUID] = mapped_column(ForeignKey("achievement.id"))
    association_id: Mapped[UUID] = mapped_column(ForeignKey("association.id"))
    assessor_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    skills: Mapped[list[str]]
    """The skills the assessor confirmed, of those the achievement names."""
    ratings: Mapped[dict[str, str]] = mapped_column(default=dict)
    """How each of them was seen; see `rules.Rating`."""
    minutes: Mapped[int]
    sessions: Mapped[int]
    awarded_at: Mapped[Instant]
    valid_until: Mapped[datetime | None] = mapped_column(UtcInstant)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    revoked_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class AwardReview(TenantOwned, Base):
    """A correction took away what a badge rested on: somebody must look, nothing is withdrawn by
    itself."""

    __tablename__ = "award_review"
    __table_args__ = (
        Index(
            "ix_award_review_one_open",
            "award_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[Id]
    award_id: Mapped[UUID] = mapped_column(ForeignKey("award.id", ondelete="CASCADE"), index=True)
    state: Mapped[ReviewState] = mapped_column(enum_column(ReviewState))
    minutes: Mapped[int]
    """What counted when it was opened, or when it was decided; so the next one below."""
    sessions: Mapped[int]
    opened_at: Mapped[Instant]
    decided_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(300), default="")
    """Why it was kept or withdrawn; the person can read it."""


class BadgeIssuer(Base):
    """What an association publishes so that others can check its badges: a DID document. The keys
    themselves lie in a file outside the database; see `credentials.keys`."""

    __tablename__ = "badge_issuer"

    association_id: Mapped[UUID] = mapped_column(ForeignKey("association.id"), primary_key=True)
    document: Mapped[dict[str, Any]]
    written_at: Mapped[Instant]


class StatusList(Base):
    """Which badges of an association were withdrawn or are being looked at: two lists of bits, with
    a place for each badge, signed and public. They name nobody."""

    __tablename__ = "status_list"
    __table_args__ = (UniqueConstraint("association_id", "number"),)

    id: Mapped[Id]
    association_id: Mapped[UUID] = mapped_column(ForeignKey("association.id"))
    number: Mapped[int]
    used: Mapped[int] = mapped_column(default=0)
    """Places given away, in turn from 0."""
    revocation: Mapped[dict[str, Any] | None] = mapped_column(Json)
    suspension: Mapped[dict[str, Any] | None] = mapped_column(Json)
    signed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    said: Mapped[str] = mapped_column(String(64), default="")
    """Hash of the bits as they were signed last."""


NOT_SUPERSEDED = text("superseded_at IS NULL")


class Credential(TenantOwned, Base):
    """A badge signed so that software of others can check it. It never changes; when its key is no
    longer trusted another one takes its place."""

    __tablename__ = "credential"
    __table_args__ = (
        UniqueConstraint("status_list_id", "place"),
        Index(
            "ix_credential_one",
            "award_id",
            unique=True,
            sqlite_where=NOT_SUPERSEDED,
            postgresql_where=NOT_SUPERSEDED,
        ),
    )

    id: Mapped[Id]
    award_id: Mapped[UUID] = mapped_column(ForeignKey("award.id", ondelete="CASCADE"))
    association_id: Mapped[UUID] = mapped_column(ForeignKey("association.id"), index=True)
    status_list_id: Mapped[UUID] = mapped_column(ForeignKey("status_list.id"))
    place: Mapped[int]
    key_id: Mapped[str] = mapped_column(String(40))
    document: Mapped[str] = mapped_column(Text)
    """The original, with its signature embedded, as JSON."""
    token: Mapped[str] = mapped_column(Text)
    """The same as a JWT."""
    picture: Mapped[str] = mapped_column(String(32), default="", index=True)
    """The achievement's of then, which the document names; so the next one."""
    picture_alt: Mapped[str] = mapped_column(String(ALT_LENGTH), default="")
    issued_at: Mapped[Instant]
    superseded_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class Endorsement(TenantOwned, Base):
    """What the assessor saw, signed by the association as a credential about a badge's credential. The
    badge itself is not signed again for it: this one stands beside, with a place of its own on the
    lists of what was withdrawn. It names nobody: who assessed stands in the award."""

    __tablename__ = "endorsement"
    __table_args__ = (
        UniqueConstraint("status_list_id", "place"),
        Index(
            "ix_endorsement_one",
            "credential_id",
            unique=True,
            sqlite_where=NOT_SUPERSEDED,
            postgresql_where=NOT_SUPERSEDED,
        ),
    )

    id: Mapped[Id]
    credential_id: Mapped[UUID] = mapped_column(ForeignKey("credential.id", ondelete="CASCADE"))
    association_id: Mapped[UUID] = mapped_column(ForeignKey("association.id"), index=True)
    status_list_id: Mapped[UUID] = mapped_column(ForeignKey("status_list.id"))
    place: Mapped[int]
    key_id: Mapped[str] = mapped_column(String(40))
    document: Mapped[str] = mapped_column(Text)
    issued_at: Mapped[Instant]
    superseded_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class BadgeCard(TenantOwned, Base):
    """What the square on a printed card holds: the least of a badge, and its holder's name, signed in
    short. Signed anew when they change their name; whether it was withdrawn, the badge's own place on
    the lists says."""

    __tablename__ = "badge_card"

    credential_id: Mapped[UUID] = mapped_column(
        ForeignKey("credential.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    key_id: Mapped[str] = mapped_column(String(40))
    token: Mapped[str] = mapped_column(Text)
    signed_at: Mapped[Instant]


class BadgeLink(TenantOwned, Base):
    """An address that a person made to show a badge to somebody: with what they ticked, until a day,
    and until they withdraw it. The token is derived from the secret key and this row's id."""

    __tablename__ = "badge_link"

    id: Mapped[Id]
    award_id: Mapped[UUID] = mapped_column(ForeignKey("award.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    for_whom: Mapped[str] = mapped_column(String(80), default="")
    """The person's own note; nobody else reads it."""
    shown_name: Mapped[str] = mapped_column(String(80), default="")
    """As they want to be called there; empty for none."""
    shows_skills: Mapped[bool]
    shows_hours: Mapped[bool]
    shows_place: Mapped[bool]
    shows_endorsement: Mapped[bool] = mapped_column(default=False)
    """How the assessor saw each skill, with the signed file of it, which names the association."""
    made_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcInstant)
