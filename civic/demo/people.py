"""Invented participants: 65 of 14 nationalities in Potenza, and some in the other cities.

Names go as people write them: one word, two, in their own script. Numbers are of the range that
Sweden keeps for books and films (+46 70 174 06 05 to 06 99), so they ring nowhere; addresses end
in example.org, which never delivers.
"""

from civic.demo.shape import DemoPerson

P = DemoPerson

WALKER = P("Amina", 27, "SO", ("so", "ar", "it"), "it")
"""Signs in by phone in the walk through the loop: twelve green hours in three sessions, a place
in today's session, and a plan whose goal asks for what the badge shows."""
ALREADY_IN = P("Lamin Jobe", 26, "GM", ("wo", "en", "it"), "en")
"""Came in when today's session began: an exit scan completes his twelve hours in four sessions."""

IN_POTENZA = (
    WALKER,
    P("Hodan Warsame", 31, "SO", ("so", "en"), "en"),
    P("Abdirahman", 22, "SO", ("so", "ar"), "ar"),
    ALREADY_IN,
    P("Ebrima Jallow", 28, "GM", ("ff", "en", "it"), "it"),
    P("Modou Lamin Ceesay", 29, "GM", ("wo", "en"), "en"),
    P("Fatou", 31, "GM", ("wo", "en", "it"), "en"),
    P("Ousman", 16, "GM", ("ff", "en"), "en", guardian="Tutrice volontaria Carmela Laurita"),
    P("Sainey Touray", 24, "GM", ("en", "it"), "it"),
    P("Buba", 34, "GM", ("wo", "en"), "en"),
    P("রফিকুল ইসলাম", 30, "BD", ("bn", "it"), "it"),
    P("Shahin Mia", 27, "BD", ("bn", "ur", "it"), "it"),
    P("জসিম উদ্দিন", 38, "BD", ("bn", "en"), "en"),
    P("Rubel Hossain", 25, "BD", ("bn", "it"), "it"),
    P("Nasrin Akter", 32, "BD", ("bn", "en", "it"), "en"),
    P("সুমাইয়া", 23, "BD", ("bn",), "en"),
    P("Faruk", 41, "BD", ("bn", "ar"), "ar"),
    P("Issouf Ouédraogo", 29, "BF", ("fr", "bm"), "fr"),
    P("Awa", 33, "BF", ("fr", "it"), "fr"),
    P("Boukary Sawadogo", 36, "BF", ("fr", "bm"), "fr"),
    P("Clarisse Ngo", 34, "CM", ("fr", "en", "it"), "fr"),
    P("Emmanuel Fon", 37, "CM", ("en", "fr"), "en"),
    P("Thierry", 28, "CM", ("fr", "it"), "fr"),
    P("Brenda Ambe", 30, "CM", ("en", "it"), "en"),
    P("Nilton", 35, "CV", ("pt", "it"), "it"),
    P("Maria da Luz", 47, "CV", ("pt", "it"), "it"),
    P("Yaimara", 39, "CU", ("es", "it"), "it"),
    P("Osvaldo Peña", 52, "CU", ("es",), "it"),
    P("Kwame", 31, "GH", ("en", "it"), "en"),
    P("Abena Owusu", 28, "GH", ("en",), "en"),
    P("Yaw Boakye", 43, "GH", ("en", "it"), "it"),
    P("Akosua", 25, "GH", ("en", "it"), "en"),
    P("Ibrahim Alhassan", 33, "GH", ("ha", "en"), "en"),
    P("Bakary", 17, "ML", ("bm", "fr"), "fr", guardian="Tutore volontario Rocco Telesca"),
    P("Mamadou Coulibaly", 27, "ML", ("bm", "fr", "it"), "fr"),
    P("Seydou", 30, "ML", ("bm", "fr"), "fr"),
    P("Oumou Traoré", 26, "ML", ("bm", "fr", "it"), "it"),
    P("Adama Diarra", 35, "ML", ("bm", "fr"), "fr"),
    P("Moussa", 40, "ML", ("bm", "fr", "it"), "it"),
    P("Kadiatou", 29, "ML", ("ff", "fr"), "fr"),
    P("خديجة", 36, "MA", ("ar", "fr"), "ar"),
    P("يوسف العلوي", 29, "MA", ("ar", "fr", "it"), "ar"),
    P("Naïma", 44, "MA", ("ar", "fr", "it"), "fr"),
    P("Rachid Bennani", 33, "MA", ("ar", "fr", "it"), "it"),
    P("سعيد", 51, "MA", ("ar",), "ar"),
    P("Hind", 24, "MA", ("ar", "fr", "it"), "it"),
    P("Blessing", 28, "NG", ("en", "it"), "en"),
    P("Chidi Okafor", 34, "NG", ("ig", "en"), "en"),
    P("Favour Osas", 25, "NG", ("en", "it"), "en"),
    P("Yusuf Bello", 32, "NG", ("ha", "en"), "en"),
    P("Ngozi", 38, "NG", ("ig", "en", "it"), "it"),
    P("Tunde Adeyemi", 41, "NG", ("yo", "en"), "en"),
    P("Precious", 23, "NG", ("en",), "en"),
    P("Sunday Eze", 45, "NG", ("ig", "en", "it"), "it"),
    P("محمد آصف", 33, "PK", ("ur", "pa", "it"), "it"),
    P("Bilal Ahmad", 26, "PK", ("ur", "en"), "en"),
    P("Zubair", 29, "PK", ("ps", "ur", "en"), "en"),
    P("Gul Khan", 37, "PK", ("ps", "ur"), "en"),
    P("Saima Bibi", 35, "PK", ("pa", "ur", "it"), "it"),
    P("منير الطرابلسي", 48, "TN", ("ar", "fr", "it"), "ar"),
    P("آمنة", 27, "TN", ("ar", "fr"), "ar"),
    P("Wassim", 30, "TN", ("ar", "it"), "it"),
    P("Оксана Мельник", 42, "UA", ("uk", "ru", "it"), "it"),
    P("Тарас", 34, "UA", ("uk", "ru"), "en"),
    P("Halyna Bondar", 58, "UA", ("uk", "it"), "it"),
)

ELSEWHERE = (
    P("Yaya", 23, "GM", ("wo", "en"), "en", "caserta"),
    P("Kofi Mensah", 27, "GH", ("en", "it"), "it", "caserta"),
    P("أحمد", 25, "MA", ("ar", "fr"), "ar", "caserta"),
    P("Sekou", 29, "ML", ("bm", "fr"), "fr", "caserta"),
    P("Oleksandr Kravets", 39, "UA", ("uk", "ru"), "it", "caserta"),
    P("Joy", 31, "NG", ("en", "it"), "en", "caserta", ("napoli",)),
    P("Rokeya", 28, "BD", ("bn", "it"), "it", "latina"),
    P("Harpreet Singh", 35, "IN", ("pa", "it"), "it", "latina"),
    P("Simran", 30, "IN", ("pa", "en"), "en", "latina"),
    P("Adel", 41, "TN", ("ar", "fr", "it"), "ar", "latina"),
    P("Mariam Keita", 26, "ML", ("bm", "fr"), "fr", "latina"),
    P("Dilani Perera", 37, "LK", ("si", "ta", "it"), "it", "napoli"),
    P("Kumara", 44, "LK", ("si", "en"), "en", "napoli"),
    P("Souleymane", 28, "BF", ("fr", "bm"), "fr", "napoli"),
    P("Светлана", 49, "UA", ("uk", "ru", "it"), "it", "napoli"),
    P("Fatima Zahra", 33, "MA", ("ar", "fr", "it"), "ar", "napoli"),
    P("Patience Agyeman", 36, "GH", ("en", "it"), "en", "palermo"),
    P("Shafiq", 30, "BD", ("bn", "it"), "it", "palermo"),
    P("مريم", 29, "TN", ("ar", "fr"), "ar", "palermo"),
    P("Esther", 27, "NG", ("en",), "en", "palermo"),
    P("Omar Diop", 32, "SN", ("wo", "fr", "it"), "fr", "palermo"),
    P("Rahmat", 24, "AF", ("fa", "ps", "en"), "en", "trieste"),
    P("Zahra", 31, "AF", ("fa", "it"), "it", "trieste"),
    P("Ismail", 22, "PK", ("ps", "ur"), "en", "trieste"),
    P("Luan Hoxha", 46, "AL", ("sq", "it"), "it", "trieste"),
)

PEOPLE = IN_POTENZA + ELSEWHERE

FIRST_NUMBER = 46_70_174_06_05
LAST_NUMBER = 46_70_174_06_99
BY_EMAIL = 6
"""Each sixth person signs in with an address instead of a number."""


def contact_of(position: int) -> tuple[str, str]:
    """Kind and value of the contact of the person at that position in `PEOPLE`."""
    if position % BY_EMAIL == BY_EMAIL - 1:
        return "email", f"participant{position + 1:02}@example.org"
    return "phone", f"+{FIRST_NUMBER + position}"
