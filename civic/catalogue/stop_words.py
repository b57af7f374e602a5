"""Words that say nothing of a project: every text has them."""

STOP_WORDS = {
    "it": frozenset({
        "a", "ad", "ai", "al", "alla", "alle", "agli", "allo", "anche", "c", "che", "chi",
        "ci", "come", "con", "cui", "d", "da", "dai", "dal", "dalla", "dalle", "dagli",
        "dallo", "degli", "dei", "del", "della", "delle", "dello", "di", "do", "e", "ed",
        "era", "essere", "fa", "gli", "ha", "hai", "hanno", "ho", "i", "il", "in", "io",
        "l", "la", "le", "lei", "li", "lo", "loro", "lui", "ma", "me", "mi", "ne", "negli",
        "nei", "nel", "nella", "nelle", "nello", "noi", "non", "o", "per", "piu", "puo",
        "quando", "quello", "quella", "questo", "questa", "qui", "se", "si", "sono", "su",
        "sua", "sue", "sugli", "sui", "sul", "sulla", "sulle", "sullo", "suo", "tra", "fra",
        "tu", "ti", "un", "una", "uno", "vi", "voi", "vostro", "vostra", "nostro", "nostra",
    }),
    "en": frozenset({
        "a", "an", "and", "are", "as", "at", "be", "been", "but", "by", "can", "do", "does",
        "for", "from", "had", "has", "have", "he", "her", "his", "how", "i", "if", "in",
        "into", "is", "it", "its", "me", "my", "no", "not", "of", "off", "on", "or", "our",
        "she", "so", "some", "than", "that", "the", "their", "them", "then", "there",
        "these", "they", "this", "those", "to", "up", "us", "was", "we", "were", "what",
        "when", "where", "which", "who", "will", "with", "you", "your", "s", "t",
    }),
    "fr": frozenset({
        "a", "au", "aux", "avec", "c", "ce", "ces", "cette", "comme", "d", "dans", "de",
        "des", "du", "elle", "elles", "en", "est", "et", "eu", "il", "ils", "j", "je", "l",
        "la", "le", "les", "leur", "leurs", "lui", "m", "ma", "mais", "me", "mes", "mon",
        "n", "ne", "nos", "notre", "nous", "on", "ou", "par", "pas", "plus", "pour", "qu",
        "que", "qui", "s", "sa", "sans", "se", "ses", "si", "son", "sont", "sur", "t", "ta",
        "te", "tes", "ton", "tu", "un", "une", "vos", "votre", "vous", "y", "sous", "chez",
    }),
    "ar": frozenset({
        "من", "في", "على", "الى", "عن", "مع", "هذا", "هذه", "ذلك", "تلك", "التي", "الذي",
        "او", "ثم", "كل", "ما", "لا", "لم", "لن", "هو", "هي", "هم", "نحن", "انا", "انت",
        "كان", "كانت", "ان", "قد", "بين", "عند", "بعد", "قبل", "كما", "حتي", "علي", "الي",
        "هناك", "ليس", "اي", "و",
    }),
}  # fmt: skip
