"""How the desk says no: each with a sentence that names the thing and the way out."""


class WorkflowRefused(ValueError):
    """What was asked cannot be done as things stand."""


class NotPermitted(WorkflowRefused):
    """The account may not do this at all."""


class FourEyes(NotPermitted):
    """The account may do this, but not to what it wrote or proposed itself."""


class TransitionRefused(WorkflowRefused):
    """The submission or dispute is not at a stage from which this can be done."""


class ReadOtherTexts(WorkflowRefused):
    """What is proposed now is not what was read. `read` is the digest of that, empty where nobody knows it."""

    def __init__(self, sentence: str, *, read: str) -> None:
        super().__init__(sentence)
        self.read = read


class ApprovalVoid(WorkflowRefused):
    """What was approved is no longer what would be published."""


class NotDue(WorkflowRefused):
    """The moment for which it is scheduled has not come."""
