"""Workflow errors; each message names the thing and the way out."""

from conflict.message import Refusal, gettext_noop
from conflict.message import gettext as _
from conflict.text import is_blank, line

FAULT = gettext_noop("A fault of the software (%(fault)s); the server's log has it whole.")


class WorkflowRefused(Refusal):
    """The action is not possible in the current state."""


def refuse_empty(text: str, sentence: str) -> None:
    """Raise WorkflowRefused with this sentence for a text in which nothing can be seen."""
    if is_blank(text):
        raise WorkflowRefused(sentence)


def refuse_too_long(text: str, most: int) -> None:
    """Raise WorkflowRefused for a title or name too long for its column."""
    if len(line(text)) > most:
        raise WorkflowRefused(
            _("“%(beginning)s…” has %(count)s characters, and at most %(most)s fit: shorten it.")
            % {"beginning": line(text)[:40], "count": len(line(text)), "most": most}
        )


class NotPermitted(WorkflowRefused):
    """The account may not do this at all."""


class FourEyes(NotPermitted):
    """The account may do this, but not to its own writing or proposals."""


class TransitionRefused(WorkflowRefused):
    """The submission or dispute is not at a stage from which this can be done."""


class ReadOtherTexts(WorkflowRefused):
    """The proposed texts are not the ones that were read. `read` is the digest of those, empty if unknown."""

    def __init__(self, sentence: str, *, read: str) -> None:
        super().__init__(sentence)
        self.read = read


class ApprovalVoid(WorkflowRefused):
    """The approved texts are no longer the ones that would be published."""


class NotDue(WorkflowRefused):
    """The moment for which it is scheduled has not come."""


class Held(WorkflowRefused):
    """Something published in an emergency has to be read by a second person first."""
