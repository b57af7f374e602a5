"""Works of the demonstration, from the first word to the inspection."""

from dataclasses import dataclass, field
from datetime import time
from uuid import UUID

from civic.demo.housing_pictures import photo
from civic.demo.housing_shape import DemoWork
from civic.demo.housing_work import HousingWork, Step
from civic.housing.operations import faults, quotes, works, works_files
from civic.housing.operations.files import Paper
from civic.housing.operations.quotes import NewQuote
from civic.housing.operations.works import NewWork, Plan
from civic.housing.rules.stock import FileKind
from civic.kernel.context import Context

ASKED, REFUSED, QUOTED, APPROVED, INSPECTED, BEGUN, DONE = (
    time(9, 20), time(9, 25), time(9, 30), time(9, 40), time(9, 50), time(9, 55), time(17),
)  # fmt: skip


def refit(work: HousingWork, new: DemoWork) -> list[Step]:
    return _Refit(work, new).steps()


@dataclass
class _Refit:
    work: HousingWork
    new: DemoWork
    made: list[UUID] = field(default_factory=list)
    """Its id, once it was asked for."""
    quotes: list[UUID] = field(default_factory=list)

    def steps(self) -> list[Step]:
        new, at = self.new, self.work.at
        reporter = self.work.account_of(new.reporter)
        steps: list[Step] = [(at(new.asked, ASKED), self.ask, reporter)]
        if new.quotes:
            steps.append((at(new.asked - 1, QUOTED), self.quote, None))
        later = (
            (new.approved, APPROVED, self.approve),
            (new.begun, BEGUN, self.begin),
            (new.done, DONE, self.end),
            (new.done - 1 if new.done and new.found else None, INSPECTED, self.inspect),
            (new.refused and new.refused[0], REFUSED, self.refuse),
        )
        steps += [(at(days, clock), step, None) for days, clock, step in later if days is not None]
        return steps

    def ask(self, ctx: Context) -> None:
        work, new = self.work, self.new
        unit_id = work.units[new.unit]
        if new.reporter:
            who = work.residents[new.reporter]
            self.made.append(faults.report_fault(ctx, unit_id, who, new.words))
            return
        beds = work.beds_in(new.unit, new.rooms)
        plan = Plan(work.day(new.first), work.day(new.until), beds) if beds else Plan()
        self.made.append(works.request_work(ctx, unit_id, NewWork(new.kind, new.words, plan)))

    def quote(self, ctx: Context) -> None:
        for firm, cents in self.new.quotes:
            told = NewQuote(firm, cents, self.work.day(self.new.asked - 1))
            self.quotes.append(quotes.add_quote(ctx, self.made[0], told))

    def approve(self, ctx: Context) -> None:
        quotes.approve(ctx, self.made[0], self.quotes[0], self.work.lines[self.new.line])

    def begin(self, ctx: Context) -> None:
        works.begin(ctx, self.made[0], self.work.day(self.new.begun or 0))
        self._show(ctx, FileKind.BEFORE)

    def end(self, ctx: Context) -> None:
        works.end(ctx, self.made[0], self.work.day(self.new.done or 0))
        self._show(ctx, FileKind.AFTER)

    def inspect(self, ctx: Context) -> None:
        works.inspect(ctx, self.made[0], is_well=True, words=self.new.found)

    def refuse(self, ctx: Context) -> None:
        if self.new.refused is not None:
            works.refuse_work(ctx, self.made[0], self.new.refused[1])

    def _show(self, ctx: Context, kind: FileKind) -> None:
        if self.new.is_shown:
            paper = Paper("image/jpeg", photo(kind))
            works_files.keep_photo(ctx, self.work.store, self.made[0], kind, paper)
