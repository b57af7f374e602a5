"""The code somebody signs in with, and the one they sign a paper with."""

from hashlib import sha256

from civic.accounts.events import CodeIssued, SigningCodeIssued
from civic.accounts.rules import ContactKind
from civic.kernel.context import Context
from civic.notifications import letters
from civic.notifications.rules import MessageKind


def on_code_issued(ctx: Context, event: CodeIssued) -> None:
    _send(ctx, event, MessageKind.SIGN_IN_CODE)


def on_signing_code_issued(ctx: Context, event: SigningCodeIssued) -> None:
    _send(ctx, event, MessageKind.SIGNING_CODE)


def _send(ctx: Context, event: CodeIssued | SigningCodeIssued, kind: MessageKind) -> None:
    # The same six digits may come again on another day, so the hour belongs to what is told.
    what = f"{event.kind}\x00{event.value}\x00{event.code}\x00{ctx.now():%Y%m%d%H}"
    letters.send_to_address(
        ctx,
        ContactKind(event.kind),
        event.value,
        event.language,
        kind,
        f"{kind}:{sha256(what.encode()).hexdigest()}",
        {"code": event.code},
    )
