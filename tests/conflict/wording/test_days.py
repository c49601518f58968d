import pytest
from django.utils.translation import override

from conflict.wording import days

IN_WORDS = [
    ("2013-01-12", "12 January 2013"),
    ("2012-04", "April 2012"),
    ("2012", "2012"),
    ("../2012-04", "by April 2012"),
    ("2018/..", "from 2018 on"),
    ("2013-01-12~", "about 12 January 2013"),
    ("2012-11-26?", "26 November 2012, uncertain"),
    ("2013?-09", "September 2013, year uncertain"),
    ("2013-02-08/2013-02-10", "8–10 February 2013"),
    ("2012-04-05/2012-05-01", "5 April – 1 May 2012"),
    ("2012-12-30/2013-01-02", "30 December 2012 – 2 January 2013"),
    ("2013-01/2013-04", "January–April 2013"),
    ("2012/2015", "2012–2015"),
    ("2012-01~/2012-02~", "about January–February 2012"),
    ("2023-08-11/2023-08-13~", "from 11 August 2023 to about 13 August 2023"),
    ("[2014-02-20,2015-02-20]", "20 February 2014 or 2015"),
    ("[2013-01-28,2013-01-29]", "28 or 29 January 2013"),
    ("[2013-01-28,2013-02-02]", "28 January 2013 or 2 February 2013"),
    ("201X", "the 2010s"),
    ("20XX", "between 2000 and 2099"),
    ("2013-01-1X", "between 10 and 19 January 2013"),
    ("2013-1X", "between October and December 2013"),
    ("2013-21", "spring 2013"),
    ("2013-24~", "about winter 2013–2014"),
    ("2013-30", "summer 2013–2014 (southern hemisphere)"),
    ("2013-33", "first quarter of 2013"),
    ("2013-38", "May–August 2013"),
    ("2013-41?", "second half of 2013, uncertain"),
    ("2012-33/2012-35", "from first quarter of 2012 to third quarter of 2012"),
    ("2013-01-10/", "from 10 January 2013, end unknown"),
    ("/2013-01", "until January 2013, beginning unknown"),
    ("2013-?01-10", "10 January 2013, month uncertain"),
    ("2013-01-?10", "10 January 2013, day uncertain"),
    ("2013-01?-10", "10 January 2013, year and month uncertain"),
    ("[2013-01..2013-03]", "some day from January 2013 to March 2013"),
    ("{2013-01-10,2013-01-12}", "10 and 12 January 2013"),
    ("no date at all", "no date at all"),
    ("", "date not known"),
]


class TestADateInWords:
    @pytest.mark.parametrize(("edtf", "words"), IN_WORDS, ids=[words for _, words in IN_WORDS])
    def test_is_as_precise_as_it_is_known(self, edtf, words):
        assert days.words(edtf) == words

    def test_is_shorter_in_tables(self):
        assert days.words("2013-01-12~", short=True) == "about 12 Jan 2013"

    def test_is_french_in_french(self):
        with override("fr"):
            assert days.words("../2012-04") == "au plus tard en avril 2012"
            assert days.words("2018/..") == "à partir de 2018"
            assert days.words("2012-08-01") == "1er août 2012"
            assert days.words("2013-01-12~") == "12 janvier 2013 environ"
            assert days.words("[2014-02-20,2015-02-20]") == "20 février 2014 ou 2015"
            assert days.words("2013-33") == "premier trimestre 2013"
            assert days.words("2013-01-1X") == "entre le 10 et le 19 janvier 2013"
            assert days.words("2013-01-10/") == "à partir du 10 janvier 2013, fin inconnue"


class TestInFrench:
    @pytest.mark.parametrize(
        ("edtf", "said"),
        [
            ("2012-04/..", "à partir d’avril 2012"),
            ("2012-10~/..", "à partir d’octobre 2012 environ"),
            ("201X/..", "à partir des années 2010"),
            ("2012-21/..", "à partir du printemps 2012"),
            ("../2012-21", "au plus tard au printemps 2012"),
            ("../2012-01~", "au plus tard en janvier 2012 environ"),
        ],
    )
    def test_runs_prepositions_and_articles_together(self, edtf, said):
        with override("fr"):
            assert days.words(edtf) == said

    @pytest.mark.parametrize(
        ("edtf", "english", "french"),
        [
            ("2024-09", "in September 2024", "en septembre 2024"),
            ("2024-09-01", "on 1 September 2024", "le 1er septembre 2024"),
            ("2012/2013", "2012–2013", "2012–2013"),
        ],
    )
    def test_stands_in_a_sentence(self, edtf, english, french):
        assert days.placed(edtf) == english
        with override("fr"):
            assert days.placed(edtf) == french
