"""Written numbers are read with their value, unit, qualifier and bounds."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kg.domain import Domain
from kg.model import Document
from kg.recognize.numerals import NumeralGrammar
from kg.recognize.quantities import Quantity, QuantityRecognizer
from kg.recognize.times import TimeRecognizer
from kg.segment import Segmentation, Segmenter

DOMAIN = Domain.default()
GRAMMAR = NumeralGrammar.of(DOMAIN)
SEGMENTER = Segmenter(DOMAIN)
QUANTITIES = QuantityRecognizer(DOMAIN)
TIMES = TimeRecognizer(DOMAIN)
DIGITS = "零一二三四五六七八九"
ROWS = [
    line.split("\t")
    for line in (Path(__file__).parent / "data" / "numerals.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def cut(text: str) -> Segmentation:
    return SEGMENTER(Document("a", text, ""))


def read(text: str) -> list[Quantity]:
    return list(QUANTITIES(cut(text)))


def spoken(text: str) -> list[tuple[str, str | None, str | None]]:
    return [(f"{q.value:f}", q.unit, q.qualifier) for q in read(text)]


def section(number: int) -> str:
    """A number below 10,000 in Chinese characters, as it is taught at school."""
    words, gap = "", False
    for power, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            words += ("零" if gap and words else "") + DIGITS[digit] + name
            gap = False
        else:
            gap = True
    return words


def chinese(number: int) -> str:
    """A number below 10¹² in Chinese characters."""
    parts = [(number // 10**8, "亿"), (number // 10**4 % 10**4, "万"), (number % 10**4, "")]
    words, gap = "", False
    for part, name in parts:
        if part:
            words += ("零" if words and (gap or part < 1000) else "") + section(part) + name
            gap = False
        else:
            gap = bool(words)
    return words or "零"


def test_the_table_is_long_enough():
    assert len(ROWS) >= 300


@pytest.mark.parametrize(("text", "value", "unit", "qualifier"), ROWS, ids=[row[0] for row in ROWS])
def test_a_written_form_is_read(text, value, unit, qualifier):
    if unit == qualifier == "-":
        assert GRAMMAR.value(text) == Decimal(value)
    else:
        expected = (value, None if unit == "-" else unit, None if qualifier == "-" else qualifier)
        assert spoken(f"这里有{text}。") == [expected]


@given(st.integers(0, 10**12 - 1))
@example(10)
@example(100010001)
@example(101000000)
def test_chinese_numerals_come_back_as_the_number_they_write(number):
    assert GRAMMAR.value(chinese(number)) == number


@given(st.decimals(0, 10**9, places=3))
def test_arabic_numerals_come_back_with_and_without_separators(number):
    assert GRAMMAR.value(f"{number:f}") == number
    assert GRAMMAR.value(f"{number:,f}") == number


@given(st.integers(1, 9999), st.sampled_from([("万", 10**4), ("亿", 10**8), ("万亿", 10**12)]))
def test_powers_multiply(number, power):
    assert GRAMMAR.value(f"{number}{power[0]}") == number * power[1]


@given(st.text(alphabet="0123456789０１零一两十百千万亿点.,，半几余", min_size=1, max_size=12))
def test_no_string_of_numeral_characters_breaks_the_reader(text):
    for quantity in read(f"共有{text}人。"):
        assert quantity.value.is_finite()
        assert quantity.surface == f"共有{text}人。"[quantity.span.begin : quantity.span.end]


@pytest.mark.parametrize("text", ["", "人", "点", "一点", "3.万.5"])
def test_what_is_no_numeral_is_refused(text):
    with pytest.raises(ValueError, match="numeral"):
        GRAMMAR.value(text)


@pytest.mark.parametrize(
    ("text", "minimum", "maximum"),
    [
        ("近百名职工", None, "100"),
        ("超过1.5万人", "15000", None),
        ("2500余家", "2500", "2600"),
        ("3万多人", "30000", "40000"),
        ("1380余万人", "13800000", "13900000"),
        ("数十名职工", "10", "100"),
        ("十几个班组", "10", "20"),
        ("60%以上", "60", None),
        ("不少于240人", "240", None),
        ("不足290万元", None, "2900000"),
        ("约500人", None, None),
        ("13.1万人次", None, None),
    ],
)
def test_qualifiers_bound_the_number(text, minimum, maximum):
    [quantity] = read(f"共{text}。")
    assert quantity.minimum == (Decimal(minimum) if minimum else None)
    assert quantity.maximum == (Decimal(maximum) if maximum else None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("每天30—50人", [("30", "人", "from"), ("50", "人", "to")]),
        ("奖励3至5万元", [("30000", "元", "from"), ("50000", "元", "to")]),
        ("月薪6500元至9000元", [("6500", "元", "from"), ("9000", "元", "to")]),
        ("三至五人", [("3", "人", "from"), ("5", "人", "to")]),
        ("三五个人", [("3", "个", "from"), ("5", "个", "to")]),
        ("七八千元", [("7000", "元", "from"), ("8000", "元", "to")]),
        ("需要三到五天", [("3", "天", "from"), ("5", "天", "to")]),
        ("振幅由76微米降到21微米", [("76", "微米", "from"), ("21", "微米", "to")]),
        ("不过二三十人", [("20", "人", "from"), ("30", "人", "to")]),
        ("低八九度", [("8", "度", "from"), ("9", "度", "to")]),
        ("每个项目30万元、50万元", [("300000", "元", None), ("500000", "元", None)]),
    ],
)
def test_ranges_are_two_quantities(text, expected):
    assert spoken(f"{text}。") == expected


@pytest.mark.parametrize(
    "text",
    [
        "第三届大赛开幕。",
        "产量居全国第二。",
        "综合实力居全国第二位。",
        "他名列第3，获第一名。",
        "3/2的比分。",
        "2024/9/15发布。",
        "一波三折，百折不挠。",
        "三折页。",
        "他于2024年9月15日到会。",
        "2025-08-13发布。",
        "会议9时30分开始。",
        "文号为〔2025〕7号。",
        "电话028-86541234。",
        "拨打13812345678。",
        "“1+N”制度体系。",
        "他一直十分努力，一定成功。",
        "统一部署，一起推进。",
        "四川、三亚和九江。",
        "一等奖、二等奖。",
        "执行GB/T 45871—2025标准。",
        "进行了1:1仿真。",
        "二〇二五年召开。",
    ],
)
def test_what_counts_nothing_is_no_quantity(text):
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("参赛职工1 200人。", [("1200", "人", None)]),
        ("投入2 000 000元。", [("2000000", "元", None)]),
        ("图1 200名职工参赛。", [("1", None, None), ("200", "名", None)]),
        ("热线400 820 8820。", [("400", None, None), ("820", None, None), ("8820", None, None)]),
        ("成千上万名职工参加。", [("10000", "名", "over")]),
        ("从业者过半是青年。", [("50", "%", "over")]),
        ("走丢过半小时。", [("0.5", "小时", None)]),
        ("时间未过半。", []),
    ],
)
def test_blanks_part_thousands_and_words_stand_for_many(text, expected):
    assert spoken(text) == expected


@pytest.mark.parametrize("text", ["零分之一的学员。", "〇百分之百的学员。", "0分之3。"])
def test_nothing_is_a_share_of_nought(text):
    assert all(quantity.unit != "%" for quantity in read(text))


def test_a_number_keeps_its_place():
    text = "目前，全市有超过1.5万名职工。"
    [quantity] = read(text)
    assert quantity.surface == "超过1.5万名"
    assert text[quantity.number.begin : quantity.number.end] == "1.5万"
    assert quantity.unit_span is not None
    assert text[quantity.unit_span.begin : quantity.unit_span.end] == "名"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("截至2024年底，共有5家。", ["截至2024年底"]),
        ("今年以来办班。", ["今年以来"]),
        ("8月12日下午召开。", ["8月12日下午"]),
        ("2022—2025年实施。", ["2022—2025年"]),
        ("每年培训。", ["每年"]),
        ("近年来，培训不断。", ["近年来"]),
        ("“十四五”期间建成。", ["“十四五”期间"]),
        ("去年9月起，三年来。", ["去年9月起", "三年来"]),
    ],
)
def test_time_words_are_found(text, expected):
    assert [t.text for t in TIMES(cut(text))] == expected
