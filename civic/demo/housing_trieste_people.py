"""Invented people who live, lived or wait to live in the Casa comune di San Giovanni and its flats."""

from functools import partial

from civic.demo.housing_shape import (
    DemoProposal,
    DemoStay,
    Left,
    Longer,
    Moved,
    Waiting,
    man,
    woman,
)
from civic.demo.staff import CASE_WORKER_OF_TRIESTE
from civic.housing.rules.placing import Criterion, Need, Outcome, RefusedFor, Urgency

LEAVES_RECEPTION = (Criterion.LEAVES_RECEPTION,)
SLEPT_OUT = (Criterion.SLEEPS_ROUGH,)
WITH_CHILD = (Criterion.LEAVES_RECEPTION, Criterion.SMALL_CHILD)
LOSES_HOME = (Criterion.LOSES_HOME,)

S = partial(DemoStay, criteria=LEAVES_RECEPTION)
VESNA = CASE_WORKER_OF_TRIESTE

LIVING = (
    # Ground floor
    S(people=(man("Hamid Rezai", 58, no_steps=True),), language="fa", unit="terra",
      rooms=("Camera 2",), came=240, until_in=-60, criteria=(Criterion.ILL_OR_DISABLED,), by=VESNA,
      longer=(Longer(72, 150, "Aspetta l'alloggio popolare: la domanda è accolta."),)),
    S(people=(woman("Віра Ткаченко", 67, no_steps=True), woman("Лідія Ткаченко", 63)), language="uk",
      unit="terra", rooms=("Camera 1",), came=182, until_in=-2, pays_cents=6_000,
      criteria=(Criterion.ILL_OR_DISABLED, Criterion.LOSES_HOME),
      longer=(Longer(20, 180, "La cura prosegue in città. Stanno bene insieme."),)),
    S(people=(woman("Hodan Yusuf", 29),), language="so", unit="terra", rooms=("Camera 3",), came=120,
      until_in=245),
    S(people=(woman("ሰላም", 26),), language="ti", unit="terra", rooms=("Camera 3",), came=77,
      until_in=106),
    S(people=(man("Besnik Krasniqi", 51),), language="sq", unit="terra", rooms=("Camera 4",), came=66,
      until_in=117, criteria=LOSES_HOME, pays_cents=9_000, deposit_cents=10_000),
    # First floor
    S(people=(man("Rahmat", 24),), language="en", unit="primo", rooms=("Camera 1",), came=62,
      until_in=303, by=VESNA, pays_cents=8_000, deposit_cents=10_000,
      words="He asks for a quiet place to study for the exam."),
    S(people=(man("Naqib Ahmadzai", 26),), language="ps", unit="primo", rooms=("Camera 1",), came=205,
      until_in=160),
    S(people=(man("Ismail", 22),), language="en", unit="primo", rooms=("Camera 2",), came=34,
      until_in=331, is_signed=False, pays_cents=5_000),
    S(people=(man("طارق محمود", 30),), language="ur", unit="primo", rooms=("Camera 2",), came=143,
      until_in=222, pays_cents=9_000, deposit_cents=10_000),
    S(people=(man("Mustafa Haidari", 35),), language="fa", unit="primo", rooms=("Camera 3",), came=98,
      until_in=267, criteria=SLEPT_OUT),
    S(people=(man("Ousmane Barry", 24),), language="fr", unit="primo", rooms=("Camera 4",), came=110,
      until_in=73),
    S(people=(man("عمران یوسف", 27),), language="ur", unit="primo", rooms=("Camera 5",), came=51,
      until_in=132, criteria=SLEPT_OUT, waited=2, urgency=Urgency.THIS_WEEK),
    # Second floor
    S(people=(man("Rezaul Karim", 38), woman("Shirin Karim", 33)), language="bn", unit="secondo",
      rooms=("Camera 1",), came=215, until_in=150, pays_cents=15_000, deposit_cents=20_000),
    S(people=(woman("Zahra", 31), woman("Mahnaz", 9)), language="it", unit="secondo",
      rooms=("Camera 3",), came=55, until_in=310, by=VESNA, needs=(Need.NEAR_SCHOOL,),
      pays_cents=8_000, deposit_cents=10_000),
    S(people=(man("Aziz Noori", 42),), language="fa", unit="primo", rooms=("Camera 5",), came=222,
      until_in=143, moved=Moved(161, "secondo", ("Camera 5",))),
    S(people=(woman("Blerta Gashi", 45),), language="sq", unit="secondo", rooms=("Camera 6",),
      came=88, until_in=95, criteria=LOSES_HOME, pays_cents=10_000, deposit_cents=10_000),
    # The women's wing
    S(people=(woman("Ifrah", 22),), language="so", unit="donne", rooms=("Camera 1",), came=192,
      until_in=173, by=VESNA, needs=(Need.WOMEN_ONLY,)),
    S(people=(woman("Nasra Ali", 24),), language="so", unit="donne", rooms=("Camera 1",), came=186,
      until_in=-4, needs=(Need.WOMEN_ONLY,),
      longer=(Longer(16, 180, "Finisce il tirocinio in sartoria."),)),
    S(people=(woman("Mercy Ehigie", 25),), language="en", unit="donne", rooms=("Camera 2",), came=150,
      until_in=215, criteria=(Criterion.IN_DANGER,), waited=1, urgency=Urgency.THIS_WEEK, by=VESNA),
    S(people=(woman("Оксана Гриценко", 48),), language="uk", unit="donne", rooms=("Camera 3",),
      came=101, until_in=82, criteria=LOSES_HOME, pays_cents=9_000, deposit_cents=10_000),
    S(people=(woman("فرشته", 37),), language="fa", unit="donne", rooms=("Camera 4",), came=46,
      until_in=None),
    # Families in town
    S(people=(man("Sediqullah Nazari", 36), woman("Parwana Nazari", 33), man("Elyas", 7)),
      language="fa", unit="ponziana", rooms=("Camera grande",), came=131, until_in=234,
      needs=(Need.NEAR_SCHOOL,), pays_cents=12_000, deposit_cents=20_000),
    S(people=(woman("Тетяна Лисенко", 39), man("Богдан", 12)), language="uk", unit="ponziana",
      rooms=("Camera azzurra",), came=119, until_in=246, needs=(Need.NEAR_SCHOOL,),
      pays_cents=14_000, deposit_cents=20_000),
    S(people=(man("سمير حداد", 41), woman("ريما حداد", 38), man("يزن", 13), woman("لين", 10),
              man("آدم", 4)),
      language="ar", unit="barriera", rooms=("Camera grande", "Cameretta"), came=163, until_in=202,
      criteria=WITH_CHILD, needs=(Need.NEAR_SCHOOL,), pays_cents=15_000, deposit_cents=20_000),
    # Men in Roiano
    S(people=(man("Mohammed Alamgir", 33),), language="bn", unit="roiano", rooms=("Camera 1",),
      came=199, until_in=166, pays_cents=11_000, deposit_cents=10_000),
    S(people=(man("সোহেল রানা", 29),), language="bn", unit="roiano", rooms=("Camera 1",), came=84,
      until_in=99, pays_cents=11_000, deposit_cents=10_000),
    S(people=(man("Ibrahim Sesay", 31),), language="en", unit="roiano", rooms=("Camera 2",), came=187,
      until_in=-5, pays_cents=11_000, deposit_cents=10_000,
      overstay=Longer(4, 12, "La stanza che ha trovato si libera tra due settimane.")),
    # On the way out: flats where one manages alone
    S(people=(man("Luan Hoxha", 46),), language="it", unit="valmaura", rooms=("Camera 2",), came=70,
      until_in=295, criteria=LOSES_HOME, pays_cents=22_000, deposit_cents=30_000),
    S(people=(man("Saidou Bah", 27),), language="fr", unit="roiano", rooms=("Camera 3",), came=248,
      until_in=117, pays_cents=18_000, deposit_cents=10_000,
      moved=Moved(100, "valmaura", ("Camera 3",))),
    S(people=(man("Anwar Siddiqui", 34), woman("Farzana Siddiqui", 30)), language="ur",
      unit="valmaura", rooms=("Camera 1",), came=137, until_in=228, pays_cents=24_000,
      deposit_cents=30_000),
    S(people=(woman("Ірина Мороз", 35), woman("Соломія", 11), man("Марко", 6)), language="uk",
      unit="servola", rooms=("Camera grande",), came=158, until_in=207, pays_cents=20_000,
      deposit_cents=30_000, needs=(Need.NEAR_SCHOOL,)),
)  # fmt: skip

GONE = (
    S(people=(man("Delwar Hossain", 40), woman("Salma Hossain", 35), woman("Tania", 12),
              man("Rafi", 8)),
      language="bn", unit="ponziana", rooms=("Camera grande", "Camera azzurra"), came=360,
      until_in=5, criteria=LOSES_HOME, pays_cents=18_000, deposit_cents=20_000,
      left=Left(140, Outcome.OWN_LEASE, "Hanno lasciato le tende per chi viene dopo.")),
    S(people=(man("Yonas", 28),), language="ti", unit="primo", rooms=("Camera 4",), came=330,
      until_in=35, left=Left(95, Outcome.OTHER_PROJECT, "Corso residenziale per pizzaioli.")),
    S(people=(man("Sher Alam", 23),), language="ps", unit="primo", rooms=("Camera 3",), came=300,
      until_in=65, left=Left(60, Outcome.FAMILY, "Dal fratello, a Udine.")),
    S(people=(woman("Peace", 28),), language="en", unit="donne", rooms=("Camera 2",), came=340,
      until_in=25, deposit_cents=10_000, pays_cents=9_000,
      left=Left(210, Outcome.OWN_LEASE, asked=((6, 20, Outcome.OWN_LEASE),))),
    S(people=(man("Петро Савчук", 61), woman("Надія Савчук", 59)), language="uk", unit="secondo",
      rooms=("Camera 2",), came=280, until_in=85, criteria=LOSES_HOME,
      left=Left(45, Outcome.FAMILY, "Dalla figlia, che ha preso casa.")),
    S(people=(man("Kabir Hassanzai", 33),), language="ps", unit="primo", rooms=("Camera 5",),
      came=355, until_in=10, left=Left(226, Outcome.OTHER_PROJECT)),
    S(people=(man("Wali Jan", 21),), language="ps", unit="terra", rooms=("Camera 4",), came=250,
      until_in=-70, criteria=SLEPT_OUT, waited=1, urgency=Urgency.TONIGHT,
      left=Left(244, Outcome.UNKNOWN, "È andato via di mattina, ha salutato tutti.",
                asked=((6, 55, Outcome.OTHER_PROJECT),))),
    S(people=(woman("Lul Farah", 27),), language="so", unit="donne", rooms=("Camera 3",), came=350,
      until_in=15, pays_cents=9_000, deposit_cents=10_000, left=Left(120, Outcome.OWN_LEASE)),
    S(people=(man("Ardian Hoti", 39),), language="sq", unit="terra", rooms=("Camera 4",), came=320,
      until_in=45, criteria=LOSES_HOME, pays_cents=10_000, deposit_cents=10_000,
      left=Left(90, Outcome.OWN_LEASE, "Manca un materasso.", deposit_back_cents=7_000)),
    S(people=(man("زاہد اقبال", 25),), language="ur", unit="primo", rooms=("Camera 2",), came=362,
      until_in=3, criteria=SLEPT_OUT, left=Left(250, Outcome.STREET, is_clean=False,
      asked=((6, 66, Outcome.OTHER_PROJECT),))),
    S(people=(woman("Олена Федорчук", 44), man("Максим", 15)), language="uk", unit="servola",
      rooms=("Camera grande",), came=361, until_in=4, pays_cents=20_000, deposit_cents=30_000,
      left=Left(170, Outcome.FAMILY)),
    S(people=(man("Jahangir Alam", 30),), language="bn", unit="roiano", rooms=("Camera 2",), came=358,
      until_in=7, pays_cents=11_000, deposit_cents=10_000, left=Left(30, Outcome.OWN_LEASE)),
    S(people=(woman("አልማዝ", 31),), language="ti", unit="terra", rooms=("Camera 3",), came=345,
      until_in=20, left=Left(200, Outcome.OWN_LEASE, asked=((6, 10, Outcome.OWN_LEASE),))),
)  # fmt: skip

COMING = (
    S(people=(man("Gentian Prifti", 29), woman("Elira Prifti", 27)), language="sq", unit="ponziana",
      rooms=("Cameretta",), came=-6, until_in=188, is_signed=False,
      criteria=(Criterion.PREGNANT, Criterion.LOSES_HOME)),
)  # fmt: skip

STAYS = LIVING + GONE + COMING

WAITING = (
    Waiting(
        people=(man("Kofi Asante", 32),), language="en", asked=24, criteria=SLEPT_OUT,
        urgency=Urgency.THIS_WEEK, by=VESNA, words="Dorme al Silos. Lavora al porto, di notte.",
        proposals=(DemoProposal("primo", ("Camera 3",), 1),),
    ),
    Waiting(
        people=(woman("Halima", 34), man("Yahya", 3)), language="ar", asked=18,
        criteria=WITH_CHILD, needs=(Need.NEAR_SCHOOL,),
        proposals=(
            DemoProposal("secondo", ("Camera 2",), 10,
                         (8, RefusedFor.SHARING, "Con il piccolo preferisce un bagno per loro.")),
        ),
    ),
    Waiting(
        people=(man("Valon Berisha", 19),), language="sq", asked=9, urgency=Urgency.CAN_WAIT,
        criteria=(Criterion.COMES_OF_AGE,),
        changed=(4, (Criterion.COMES_OF_AGE, Criterion.LOSES_HOME),
                 "La comunità per minori lo tiene solo fino a fine mese."),
    ),
)  # fmt: skip
