"""Sentences that are stored with what they were made of, and told again in each reader's language."""

import pytest
from django.utils.translation import override

from conflict import message
from conflict.dates import ImpossibleDate, parse
from conflict.message import gettext as _
from conflict.vocabulary import ActorKind


class TestAMessage:
    def test_is_told_in_the_language_of_whoever_reads_it(self):
        kept = message.stored(_("“%(cell)s” is not a whole number.") % {"cell": "100%"})

        assert message.read(kept) == "“100%” is not a whole number."
        with override("fr"):
            assert message.read(kept) == "«\u00a0100%\u00a0» n’est pas un nombre entier."

    def test_may_hold_others_counts_and_labels(self):
        rows = message.ngettext("Approved: %(count)s batch.", "Approved: %(count)s batches.", 3) % {"count": 3}
        kind = message.of_lazy(ActorKind.MILITIA.label)
        kept = message.stored(
            message.joined([rows, _("The desk has “%(old)s”, the file “%(new)s”.") % {"old": kind, "new": 2}])
        )

        with override("fr"):
            assert (
                message.read(kept)
                == "3 lots approuvés. La rédaction a «\u00a0milice\u00a0», le fichier «\u00a02\u00a0»."
            )

    def test_survives_an_error_that_carries_it(self):
        with override("fr"), pytest.raises(ImpossibleDate) as refused:
            parse("soon")

        assert "soon" in message.read(message.stored(str(refused.value)))
        assert message.stored(str(refused.value)).startswith('{"text": "“%(text)s” is not a date in EDTF')

    @pytest.mark.parametrize("kept", ["", "Refused, said of old.", '{"a": 1}', '{"text": ', '{"text": 1}'])
    def test_is_not_seen_where_there_is_only_text(self, kept):
        assert message.read(kept) == kept


class TestWhatLooksLikeAMessage:
    @pytest.mark.parametrize(
        "typed", ['{"text": "%(a)999999999s", "values": {"a": ""}}', '{"text": ""}', '{"joined": [], "between": ""}']
    )
    def test_and_was_typed_by_somebody_is_read_as_it_was_typed(self, typed):
        kept = message.stored(typed)

        assert message.read(kept) == typed
        assert message.stored(message.read(kept)) == kept
