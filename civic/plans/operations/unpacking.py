"""What came along with a person becomes part of a plan of the city they moved to."""

from datetime import date, datetime
from uuid import UUID

from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once
from civic.plans.models import (
    Action,
    Barrier,
    Evidence,
    Goal,
    Milestone,
    PlanOccupation,
    Review,
    ReviewScore,
)
from civic.plans.queries.parcels import Parcel
from civic.plans.rules import (
    TITLE_LENGTH,
    ActionState,
    Domain,
    EvidenceKind,
    GoalState,
    OwedBy,
    View,
)


def unpack(ctx: Context, plan_id: UUID, municipality_id: UUID, parcel: Parcel) -> None:
    unpacking = _Unpacking(ctx, plan_id, municipality_id)
    goals = [unpacking.goal(row) for row in parcel["goals"]]
    for row in parcel["barriers"]:
        unpacking.barrier(row)
    for row in parcel["actions"]:
        unpacking.action(row, goals)
    for row in parcel["reviews"]:
        unpacking.review(row)
    for occupation in parcel["occupations"]:
        unpacking.occupation(occupation)
    ctx.db.flush()


class _Unpacking:
    def __init__(self, ctx: Context, plan_id: UUID, municipality_id: UUID) -> None:
        self._ctx = ctx
        self._plan_id = plan_id
        self._city_id = municipality_id

    def goal(self, row: Parcel) -> UUID:
        goal = Goal(
            id=self._ctx.new_id(),
            municipality_id=self._city_id,
            plan_id=self._plan_id,
            domain=Domain(row["domain"]),
            words=row["words"],
            language=row["language"],
            words_it=row["words_it"],
            skills=list(row["skills"]),
            state=GoalState(row["state"]),
            set_at=datetime.fromisoformat(row["set_at"]),
            changed_at=_moment(row["changed_at"]),
        )
        self._ctx.db.add(goal)
        self._ctx.db.flush()
        for milestone in row["milestones"]:
            self._milestone(milestone, goal.id)
        for evidence in row["evidence"]:
            self._evidence(evidence, goal.id)
        return goal.id

    def _milestone(self, row: Parcel, goal_id: UUID) -> None:
        self._ctx.db.add(
            Milestone(
                id=self._ctx.new_id(),
                municipality_id=self._city_id,
                goal_id=goal_id,
                words=row["words"],
                language=row["language"],
                due_on=_day(row["due_on"]),
                set_at=datetime.fromisoformat(row["set_at"]),
                reached_on=_day(row["reached_on"]),
            )
        )

    def _evidence(self, row: Parcel, goal_id: UUID) -> None:
        """A badge by its name: the award is of another city, and nobody here reads that."""
        is_badge = row["kind"] == "badge"
        title = f"{_name(row['names'])} · {row['association']}" if is_badge else row["title"]
        self._ctx.db.add(
            Evidence(
                id=self._ctx.new_id(),
                municipality_id=self._city_id,
                goal_id=goal_id,
                kind=EvidenceKind.OTHER if is_badge else EvidenceKind(row["kind"]),
                title=title[:TITLE_LENGTH],
                level="" if is_badge else row["level"],
                dated_on=_day(row["dated_on"]),
                note="" if is_badge else row["note"],
                attached_by=self._ctx.actor.own_id,
                attached_at=self._ctx.now(),
                taken_off_reason="",
            )
        )

    def barrier(self, row: Parcel) -> None:
        self._ctx.db.add(
            Barrier(
                id=self._ctx.new_id(),
                municipality_id=self._city_id,
                plan_id=self._plan_id,
                domain=Domain(row["domain"]),
                words=row["words"],
                language=row["language"],
                set_at=datetime.fromisoformat(row["set_at"]),
                overcome_on=_day(row["overcome_on"]),
            )
        )

    def action(self, row: Parcel, goals: list[UUID]) -> None:
        self._ctx.db.add(
            Action(
                id=self._ctx.new_id(),
                municipality_id=self._city_id,
                plan_id=self._plan_id,
                goal_id=None if row["goal"] is None else goals[row["goal"]],
                owed_by=OwedBy(row["owed_by"]),
                words=row["words"],
                language=row["language"],
                due_on=_day(row["due_on"]),
                state=ActionState(row["state"]),
                set_at=datetime.fromisoformat(row["set_at"]),
                changed_at=_moment(row["changed_at"]),
            )
        )

    def review(self, row: Parcel) -> None:
        """Without its note. A day on which this city reviewed too keeps its own."""
        review_id = self._ctx.new_id()
        is_new = insert_once(
            self._ctx.db,
            Review,
            id=review_id,
            municipality_id=self._city_id,
            plan_id=self._plan_id,
            held_on=date.fromisoformat(row["held_on"]),
            made_by=UUID(row["made_by"]),
            note="",
            next_on=date.fromisoformat(row["next_on"]),
            created_at=self._ctx.now(),
            closed_at=_moment(row["closed_at"]),
        )
        if not is_new:
            return
        self._ctx.db.add_all(
            ReviewScore(
                id=self._ctx.new_id(),
                municipality_id=self._city_id,
                review_id=review_id,
                domain=Domain(domain),
                view=View(view),
                score=score,
            )
            for view, scores in row["scores"].items()
            for domain, score in scores.items()
        )

    def occupation(self, occupation: str) -> None:
        insert_once(
            self._ctx.db,
            PlanOccupation,
            id=self._ctx.new_id(),
            municipality_id=self._city_id,
            plan_id=self._plan_id,
            occupation=occupation,
            chosen_at=self._ctx.now(),
        )


def _name(names: Parcel) -> str:
    """In Italian, which the case worker writes in too."""
    return str(names.get("it") or names.get("en") or next(iter(names.values()), ""))


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
