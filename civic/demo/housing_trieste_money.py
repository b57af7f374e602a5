"""Rent support of Trieste, and who looks for a flat of their own there."""

from civic.demo.housing_shape import DemoFlat, DemoMarket, DemoOwner, DemoSupport
from civic.housing.rules.market import FlatState, Paper
from civic.housing.rules.stock import OwnerKind
from civic.housing.rules.support import Curve, SupportKind

PAPERS = (Paper.IDENTITY, Paper.PERMIT, Paper.TAX_CODE, Paper.WORK_CONTRACT, Paper.PAYSLIPS)

SUPPORTS = (
    DemoSupport(
        "Delwar Hossain", SupportKind.DEPOSIT, 110_000, 1, 145, 141, "affitti", is_monthly=False,
        for_stay=False,
    ),
    DemoSupport(
        "Delwar Hossain", SupportKind.FIRST_MONTHS, 55_000, 4, 145, 138, "affitti",
        Curve(250, 1000), for_stay=False,
    ),
    DemoSupport(
        "Luan Hoxha", SupportKind.RENT, 22_000, 9, 68, 48, "affitti", Curve(400, 1000),
    ),
    DemoSupport(
        "Ірина Мороз", SupportKind.RENT, 20_000, 12, 150, 144, "affitti", Curve(300, 900),
        missed=(5,),
    ),
    DemoSupport(
        "Anwar Siddiqui", SupportKind.UTILITIES, 36_000, 3, 60, 52, "affitti", is_monthly=False,
    ),
)  # fmt: skip
"""Of Iryna's parts one is late since some weeks: the last that has come."""

OWNER = DemoOwner(OwnerKind.PRIVATE, "Signora Bressan", "+46 70 174 06 99")

MARKETS = (
    DemoMarket(
        "Delwar Hossain", 172, 168_000, 8_000, 3, PAPERS,
        (
            DemoFlat(
                168, "Borgo San Sergio", 62_000, FlatState.NO, "Via dei Modiano, quinto piano",
                questions="Quanti siete? Da quanto lavori?",
                words="Ha preferito una coppia senza bambini.",
            ),
            DemoFlat(
                156, "Campanelle", 55_000, FlatState.AGREED, "Via del Ghirlandaio, primo piano", OWNER,
                questions="Chi paga se un mese va male?",
                answers="Per i primi mesi c'è il Comune; poi il fondo di garanzia.",
                words="Ha conosciuto i bambini e ha detto di sì.",
            ),
        ),
        lease=(147, 55_000, 110_000),
    ),
    DemoMarket(
        "Luan Hoxha", 26, 128_000, 5_000, 2, (*PAPERS, Paper.BANK_ACCOUNT),
        (
            DemoFlat(
                14, "Chiarbola", 41_000, FlatState.NO, "Via della Vetraia", words="Già affittato.",
            ),
            DemoFlat(
                5, "Ponziana", 38_000, FlatState.ASKED, "Via dell'Orsa, ultimo piano",
                DemoOwner(OwnerKind.AGENCY, "Agenzia La Lanterna", email="affitti@la-lanterna.example.org"),
                questions="Chiedono un garante.", answers="Il fondo di garanzia del Comune.",
            ),
            DemoFlat(-4, "Servola", 36_000, FlatState.TO_VIEW, "Via del Roncheto"),
        ),
    ),
    DemoMarket("طارق محمود", 33, 121_000, 20_000, 1, (Paper.IDENTITY, Paper.PERMIT)),
)  # fmt: skip
