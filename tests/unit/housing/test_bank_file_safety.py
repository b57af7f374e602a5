"""What is refused before a bank's file is opened, and what it may cost to try."""

import gc
import tracemalloc

import pytest

from civic.housing.bank_camt import DEEPEST
from civic.housing.bank_errors import (
    BankFileEmpty,
    BankFileLetters,
    BankFileOfOtherKind,
    BankFileTooLarge,
    BankFileTooLong,
    BankFileUnreadable,
    UnsafeBankFile,
)
from civic.housing.bank_files import read_bank_file
from civic.housing.bank_lines import MOST_LINES, REASON_WORDS, Reason
from civic.kernel.errors import Invalid
from tests.unit.housing.camt_samples import batch, entry, payment, statement

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
UNSAFE = {
    "billion laughs": f'<!DOCTYPE d [<!ENTITY l0 "ha">{LAUGHS}]><d>&l9;</d>',
    "external entity": '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>',
    "external document type": '<!DOCTYPE d SYSTEM "http://example.invalid/d.dtd"><d/>',
    "parameter entity": '<!DOCTYPE d [<!ENTITY % p SYSTEM "http://example.invalid/p">%p;]><d/>',
    "bare document type": "<!DOCTYPE d><d/>",
    "deep nesting": "<d>" * 1_000_000,
    "deep within an entry": statement("<Ntry>" + "<d>" * (DEEPEST + 1)),
}


@pytest.mark.parametrize("text", UNSAFE.values(), ids=UNSAFE)
def test_definitions_and_endless_nesting_are_refused_unread(text: str) -> None:
    with pytest.raises(UnsafeBankFile):
        read_bank_file(text.encode())
    with pytest.raises(UnsafeBankFile):
        read_bank_file(('<?xml version="1.0"?>\n' + text).encode("utf-16"))


def test_a_file_of_fifty_megabytes_is_refused_by_its_size_alone() -> None:
    body = b"<" * 50_000_000
    gc.collect()
    tracemalloc.start()
    with pytest.raises(BankFileTooLarge) as refused:
        read_bank_file(body)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert refused.value.values == {"megabytes": 10}
    assert most < 100_000, "nothing of it was copied or parsed"


def test_a_swollen_entry_takes_no_more_room_than_its_own_letters() -> None:
    body = statement(f"<Ntry>{'<x/>' * 250_000}</Ntry>", entry()).encode()
    gc.collect()
    tracemalloc.start()
    file = read_bank_file(body)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(file.lines) == 1
    assert most < 4 * len(body), "a tree of its elements would take twenty times as much"


def test_more_lines_than_a_year_of_a_city_are_refused() -> None:
    many = [entry()] * MOST_LINES
    assert len(read_bank_file(statement(*many).encode()).lines) == MOST_LINES
    one_batch = entry(details=batch(*["<TxDtls/>"] * (MOST_LINES + 1)))
    for body in (statement(*many, entry("0.00")), statement(one_batch)):
        with pytest.raises(BankFileTooLong):
            read_bank_file(body.encode())


@pytest.mark.parametrize(
    "text",
    [
        "<Document><BkToCstmrStmt>",
        statement(entry())[:-30],
        statement(entry()) + "<more/>",
        statement("<Ntry>&unknown;</Ntry>"),
        statement("<Ntry>\x01</Ntry>"),
        statement("<Ntry><Stmt><Ntry/></Stmt></Ntry>"),
        "<c:Document/>",
        "<",
    ],
)
def test_broken_xml_is_refused_as_broken(text: str) -> None:
    with pytest.raises(BankFileUnreadable):
        read_bank_file(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        "<html><body>Please sign in</body></html>",
        "<Document><Rpt><Ntry><NtryDtls><TxDtls/></NtryDtls></Ntry></Rpt></Document>",
    ],
)
def test_xml_of_another_kind_is_refused_as_that(text: str) -> None:
    with pytest.raises(BankFileOfOtherKind):
        read_bank_file(text.encode())


@pytest.mark.parametrize(
    ("declared", "codec"),
    [
        ("UTF-8", "utf-8"),
        ("utf-8", "utf-8-sig"),
        ("ISO-8859-1", "iso-8859-1"),
        ("windows-1252", "cp1252"),
        ("UTF-16", "utf-16"),
        ("UTF-8", "utf-16"),
    ],
)
def test_the_alphabets_of_banks_are_read(declared: str, codec: str) -> None:
    text = statement(entry(details=batch(payment("Niccolò"))))
    body = f'<?xml version="1.0" encoding="{declared}"?>\n{text}'.encode(codec)
    assert read_bank_file(body).lines[0].name == "Niccolò"


def _declared(name: str, codec: str = "utf-8") -> bytes:
    return f'<?xml version="1.0" encoding="{name}"?>{statement(entry())}'.encode(codec)


@pytest.mark.parametrize(
    "body",
    [
        _declared("UTF-7"),
        _declared("UTF-16"),
        _declared("UTF-16", "utf-16-le"),
        _declared("UTF-32", "utf-32"),
        _declared("cp037"),
        _declared("idna"),
        b"+/v8-" + statement().encode(),
        statement("<Ntry>\0</Ntry>").encode(),
        statement(entry(details=batch(payment("Niccolò")))).encode("cp1252"),
        b"\xff\xfe<\0d\0>",
    ],
)
def test_other_alphabets_and_tricks_with_them_are_refused(body: bytes) -> None:
    with pytest.raises(BankFileLetters):
        read_bank_file(body)


@pytest.mark.parametrize("body", [b"", b" \n\t", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_file_is_refused_as_empty(body: bytes) -> None:
    with pytest.raises(BankFileEmpty):
        read_bank_file(body)


def test_every_refusal_of_a_file_stands_beside_the_file() -> None:
    refusals: list[type[Invalid]] = [
        BankFileEmpty,
        BankFileLetters,
        BankFileOfOtherKind,
        BankFileTooLarge,
        BankFileTooLong,
        BankFileUnreadable,
        UnsafeBankFile,
    ]
    assert {each.field for each in refusals} == {"file"}
    assert len({each.sentence for each in refusals}) == len(refusals)
    assert set(REASON_WORDS) == set(Reason)
