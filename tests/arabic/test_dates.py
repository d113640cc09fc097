"""Dates in every habit of the Arab press, at their exact places."""

from __future__ import annotations

import datetime as dt
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qawl.arabic.dates import FoundDate, PartialDate, find_dates, parse_date
from qawl.arabic.letters import fold

WEDNESDAY = dt.datetime(2025, 3, 12, 9, 0)


def only(text: str, published: dt.date | None = WEDNESDAY) -> FoundDate:
    found = find_dates(text, published=published)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "date", "value"),
    [
        ("صدر في 10 مارس 2025 عن الوزارة", "10 مارس 2025", "2025-03-10"),
        ("صدر في ٢٥ تشرين الثاني 2019 في بيروت", "٢٥ تشرين الثاني 2019", "2019-11-25"),
        ("۲۵ تشرين الثاني ۲۰۱۹", "۲۵ تشرين الثاني ۲۰۱۹", "2019-11-25"),
        ("في 3 كانون ثان/يناير 2024،", "3 كانون ثان/يناير 2024", "2024-01-03"),
        ("حتى 10 آذار/مارس 2025.", "10 آذار/مارس 2025", "2025-03-10"),
        ("منذ 1 سبتمبر (أيلول) 1990 فقط", "1 سبتمبر (أيلول) 1990", "1990-09-01"),
        ("يوم 15 جويلية 2012 بتونس", "15 جويلية 2012", "2012-07-15"),
        ("في 9 أفريل 2021", "9 أفريل 2021", "2021-04-09"),
        ("20 فيفري 2020", "20 فيفري 2020", "2020-02-20"),
        ("7 جانفي 2020", "7 جانفي 2020", "2020-01-07"),
        ("1 ماي 2020", "1 ماي 2020", "2020-05-01"),
        ("30 جوان 2020", "30 جوان 2020", "2020-06-30"),
        ("13 أوت 1956", "13 أوت 1956", "1956-08-13"),
        ("20 غشت 2020", "20 غشت 2020", "2020-08-20"),
        ("8 شتنبر 2021", "8 شتنبر 2021", "2021-09-08"),
        ("6 نونبر 2021", "6 نونبر 2021", "2021-11-06"),
        ("31 دجنبر 2021", "31 دجنبر 2021", "2021-12-31"),
        ("24 يوليوز 2013", "24 يوليوز 2013", "2013-07-24"),
        ("وقع في 10/3/2025 الحادث", "10/3/2025", "2025-03-10"),
        ("05 - 09 - 2012", "05 - 09 - 2012", "2012-09-05"),
        ("3/25/2025", "3/25/2025", "2025-03-25"),
        ("2025-03-10", "2025-03-10", "2025-03-10"),
        ("بتاريخ 2025/3/10", "2025/3/10", "2025-03-10"),
        ("الاثنين 10 مارس 2025", "الاثنين 10 مارس 2025", "2025-03-10"),
        ("الأحد، 9 آذار 2025", "الأحد، 9 آذار 2025", "2025-03-09"),
        ("الأول من أيار/مايو 2018", "الأول من أيار/مايو 2018", "2018-05-01"),
        ("في الخامس والعشرين من يناير 2011", "الخامس والعشرين من يناير 2011", "2011-01-25"),
        ("وُقّع في 10 مَارِس ٢٠٢٥", "10 مَارِس ٢٠٢٥", "2025-03-10"),
        ("في 5 ابريل عام 2003", "5 ابريل عام 2003", "2003-04-05"),
        ("March 10, 2025", "March 10, 2025", "2025-03-10"),
        ("وفي 6 ديسمبر 2024 قال", "6 ديسمبر 2024", "2024-12-06"),
    ],
)
def test_a_day_with_its_year(text: str, date: str, value: str) -> None:
    found = only(text, None)
    assert (found.text, str(found.value), found.precision) == (date, value, "day")
    assert not found.relative


@pytest.mark.parametrize(
    ("text", "calendar"),
    [
        ("10 رمضان 1446هـ الموافق 10 مارس 2025", "gregorian"),
        ("١٠ رمضان ١٤٤٦ هـ (الموافق ١٠ مارس ٢٠٢٥م", "gregorian"),
        ("الاثنين 10 رمضان 1446 هـ - 10 مارس 2025 م", "gregorian"),
        ("10 مارس 2025م الموافق 10 رمضان 1446هـ", "gregorian"),
        ("10 رمضان 1446هـ", "hijri"),
        ("10 رمضان 1446", "hijri"),
        ("1446/9/10", "hijri"),
        ("10/09/1446 هـ", "hijri"),
    ],
)
def test_hijri_alone_and_with_its_gregorian_twin(text: str, calendar: str) -> None:
    found = only(f"صدر {text}", None)
    assert found.text == text
    assert found.value == dt.date(2025, 3, 10)
    assert found.calendar == calendar


@pytest.mark.parametrize(
    ("text", "value", "precision"),
    [
        ("أمس الأحد", "2025-03-09", "day"),
        ("أمس (الثلاثاء)", "2025-03-11", "day"),
        ("مساء أمس", "2025-03-11", "day"),
        ("أول من أمس", "2025-03-10", "day"),
        ("اليوم الأربعاء", "2025-03-12", "day"),
        ("اليوم الخميس", "2025-03-13", "day"),
        ("صباح اليوم", "2025-03-12", "day"),
        ("غدا الخميس", "2025-03-13", "day"),
        ("بعد غد", "2025-03-14", "day"),
        ("الأحد الماضي", "2025-03-09", "day"),
        ("الأربعاء الماضي", "2025-03-05", "day"),
        ("يوم الأحد", "2025-03-09", "day"),
        ("مساء السبت", "2025-03-08", "day"),
        ("الثلاثاء المقبل", "2025-03-18", "day"),
        ("قبل يومين", "2025-03-10", "day"),
        ("قبل ثلاثة أيام", "2025-03-09", "day"),
        ("منذ ٣ ساعات", "2025-03-12 06:00:00", "hour"),
        ("قبل ساعتين", "2025-03-12 07:00:00", "hour"),
        ("قبل 15 دقيقة", "2025-03-12 08:45:00", "minute"),
        ("قبل أسبوعين", "2025-02-26", "week"),
        ("قبل شهر", "2025-02", "month"),
        ("قبل نحو سبع سنوات", "2018", "year"),
        ("الأسبوع الماضي", "2025-03-05", "week"),
        ("الشهر المقبل", "2025-04", "month"),
        ("العام الماضي", "2024", "year"),
        ("هذا الأسبوع", "2025-03-12", "week"),
        ("مارس/آذار الماضي", "2024-03", "month"),
        ("يناير الماضي", "2025-01", "month"),
        ("10 ديسمبر", "2024-12-10", "day"),
        ("14 آذار/مارس الجاري", "2025-03-14", "day"),
        ("1 أيار المقبل", "2025-05-01", "day"),
        ("10 رمضان", "2025-03-10", "day"),
    ],
)
def test_relative_to_the_articles_date(text: str, value: str, precision: str) -> None:
    found = only(f"قال {text} إن الأمر انتهى")
    assert (found.text, str(found.value), found.precision) == (text, value, precision)
    assert found.relative


def test_a_clitic_stays_outside() -> None:
    assert only("وأمس الأحد وصل").text == "أمس الأحد"
    assert only("بمارس 2025").text == "مارس 2025"


def test_without_the_articles_date_nothing_relative_is_given() -> None:
    assert find_dates("قال أمس الأحد قبل يومين الأسبوع الماضي اليوم") == []
    assert only("في 10 ديسمبر", None).value == PartialDate(None, 12, 10)
    assert str(PartialDate(None, 12, 10)) == "--12-10"


@pytest.mark.parametrize(
    "text",
    [
        "في اليوم التالي",
        "صلاة الجمعة",
        "قبل يومين من الاقتراع",
        "صحيفة اليوم السابع",
        "فاز بنتيجة 3-2",
        "بلغت 10.5 ملايين",
        "خسر 2 صفر",
        "31/31/2025",
        "30 فبراير",
        "قسم 12/14",
        "الثاني من نوعه",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert find_dates(text, published=WEDNESDAY) == []


@pytest.mark.parametrize(
    ("text", "value", "precision"),
    [
        ("مارس 2025", "2025-03", "month"),
        ("آذار/مارس 2025", "2025-03", "month"),
        ("آب 2020", "2020-08", "month"),
        ("عام 2019", "2019", "year"),
        ("سنة 1440هـ", "2018", "year"),
        ("10 مارس 2025 الساعة 10:30 صباحا بتوقيت غرينتش", "2025-03-10 10:30:00+00:00", "minute"),
        ("10 مارس 2025 - 5:11 م", "2025-03-10 17:11:00", "minute"),
        ("2025-03-10T10:30:00+03:00", "2025-03-10 07:30:00+00:00", "minute"),
    ],
)
def test_parts_and_times(text: str, value: str, precision: str) -> None:
    found = only(text, None)
    assert (found.text, str(found.value), found.precision) == (text, value, precision)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Thu, 29 Mar 2018 19:58:47 +0400", "2018-03-29 15:58:47+00:00"),
        ("Fri, 23 Mar 2018 08:05:51 GMT", "2018-03-23 08:05:51+00:00"),
        ("Mon Mar 10 2025 10:00:00 GMT+0300", "2025-03-10 07:00:00+00:00"),
        ("2015-08-02 23:47:33", "2015-08-02 23:47:33"),
        ("2018-03-29T10:00:00.000Z", "2018-03-29 10:00:00+00:00"),
        ("٢٠٢٥-٠٣-١٠T١٤:٣٠:٠٠+٠٣:٠٠", "2025-03-10 11:30:00+00:00"),
        ("10:30 - 10 مارس 2025", "2025-03-10 10:30:00"),
        (
            "آخر تحديث: الاثنين، 10 آذار/مارس 2025، 15:30 (بتوقيت غرينتش)",
            "2025-03-10 15:30:00+00:00",
        ),
        ("1741600000", "2025-03-10 09:46:40+00:00"),
        ("1741600000000", "2025-03-10 09:46:40+00:00"),
        ("20250310", "2025-03-10"),
        ("10/3/25", "2025-03-10"),
        ("10 mars 2025", "2025-03-10"),
    ],
)
def test_metadata_strings(text: str, value: str) -> None:
    assert str(parse_date(text)) == value


@pytest.mark.parametrize("text", ["", "بلا تاريخ", "مارس 2025", "99/99/99", "2025-13-45", "أمس"])
def test_metadata_that_says_no_day(text: str) -> None:
    assert parse_date(text) is None


def test_several_dates_in_order_with_their_places() -> None:
    text = "عُقد الاجتماع أمس الأحد، بعد اجتماع 3 شباط/فبراير 2025، وسيعقد التالي الثلاثاء المقبل."
    found = find_dates(text, published=WEDNESDAY)
    assert [f.text for f in found] == ["أمس الأحد", "3 شباط/فبراير 2025", "الثلاثاء المقبل"]


@pytest.mark.parametrize(
    ("name", "columns"), [("months.tsv", 5), ("weekdays.tsv", 3), ("date_words.tsv", 3)]
)
def test_the_data_files_are_sound(name: str, columns: int) -> None:
    text = resources.files("qawl.arabic").joinpath("data", name).read_text("utf-8")
    rows = [r.split("\t") for r in text.splitlines() if r and not r.startswith("#")]
    assert text.startswith("#")
    assert all(len(r) == columns and all(r) for r in rows)
    if name == "months.tsv":
        assert {int(r[1]) for r in rows} == set(range(1, 13))
        meanings: dict[str, set[str]] = {}
        for r in rows:
            meanings.setdefault(fold(r[0]), set()).add(r[1] + r[2])
        assert all(len(m) == 1 for m in meanings.values()), "one spelling, two months"


PIECES = st.sampled_from(
    [
        "10",
        "مارس",
        "آذار",
        "/",
        "2025",
        "١٤٤٦هـ",
        "رمضان",
        "الموافق",
        "أمس",
        "الأحد",
        "الماضي",
        "قبل",
        "يومين",
        "منذ",
        "3",
        "ساعات",
        "10:30",
        "و",
        "ـ",
        "ً",
        "،",
        "(",
        ")",
        "الساعة",
        "اليوم",
        "31/12/2024",
        "1446-9-40",
        "كانون",
        "الثاني",
        "تشرين\u200f",
        "\u200e",
        "",
    ]
)


@settings(deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=4)), max_size=25), st.booleans(), st.booleans())
def test_spans_are_exact_ordered_and_apart(pieces: list[str], spaced: bool, dated: bool) -> None:
    text = (" " if spaced else "").join(pieces)
    end = 0
    for found in find_dates(text, published=WEDNESDAY if dated else None):
        assert found.start >= end
        assert text[found.start : found.end] == found.text
        assert found.text.strip()
        end = found.end


@settings(deadline=None)
@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)))
def test_iso_and_arabic_dates_are_read_back(day: dt.date) -> None:
    months = [
        "يناير",
        "فبراير",
        "مارس",
        "أبريل",
        "مايو",
        "يونيو",
        "يوليو",
        "أغسطس",
        "سبتمبر",
        "أكتوبر",
        "نوفمبر",
        "ديسمبر",
    ]
    assert parse_date(day.isoformat()) == day
    assert parse_date(f"{day.day} {months[day.month - 1]} {day.year}") == day
    assert parse_date(f"{day.day}/{day.month}/{day.year}") == day


@settings(deadline=None)
@given(st.text(max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    parse_date(text, published=WEDNESDAY)
