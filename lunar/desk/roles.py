"""Who may do what at the desk: the one place where it is decided.

A role is a group with the permissions below; a user may have several. A superuser may do all.

contributor    writes drafts and adds sources
editor         changes everything but withdrawn records, sends drafts to review, imports
reviewer       publishes, withdraws, restores, reverts, merges, answers readers' suggestions
administrator  looks after accounts

Nobody but a reviewer publishes, so nobody but a reviewer publishes a first draft of their own.
"""

from lunar.desk.history import owner_of
from lunar.desk.models import Revision
from lunar.sources.models import Citation, Cited, Record, Source

State = Record.State

_DRAFTS = ["view_revision", "draft"]
_EDITS = [*_DRAFTS, "edit"]

# {name of the group: permissions of the desk}
DESK_PERMISSIONS = {
    "Contributor": _DRAFTS,
    "Editor": _EDITS,
    "Reviewer": [*_EDITS, "publish", "withdraw", "revert", "merge", "answer"],
    "Administrator": [
        "view_revision",
        "view_secondfactorrule",
        "add_secondfactorrule",
        "delete_secondfactorrule",
    ],
}

# Which permission of the desk it takes to move a record from state to state. What was public once
# leaves a note at its address, so nothing published becomes a draft again without a withdrawal.
MOVES = {
    (State.DRAFT, State.IN_REVIEW): "edit",
    (State.IN_REVIEW, State.DRAFT): "edit",
    (State.DRAFT, State.PUBLISHED): "publish",
    (State.IN_REVIEW, State.PUBLISHED): "publish",
    (State.PUBLISHED, State.WITHDRAWN): "withdraw",
    (State.WITHDRAWN, State.DRAFT): "withdraw",
    (State.WITHDRAWN, State.PUBLISHED): "publish",
}


def may(user, permission):
    """Return whether `user` has a permission of the desk, such as "publish"."""
    return user.is_active and user.is_staff and user.has_perm(f"desk.{permission}")


def may_see(user):
    """Return whether `user` may look at everything that the desk has, drafts included."""
    return may(user, "view_revision")


def may_add(user, model):
    """Return whether `user` may add rows of `model`: drafts, their parts and evidence, sources."""
    return may(user, "edit" if _is_vocabulary(model) else "draft")


def may_change(user, row):
    """Return whether `user` may change a record, or a part or citation of one.

    Who only writes drafts changes drafts, and sources on which nothing public rests.
    """
    owner = owner_of(row)
    state = getattr(owner, "state", None)
    if state == State.WITHDRAWN:
        return may(user, "withdraw")
    if may(user, "edit"):
        return True
    if isinstance(owner, Source):
        return may(user, "draft") and not Source.objects.public().filter(pk=owner.pk).exists()
    return may(user, "draft") and state == State.DRAFT


def may_delete(user, row):
    """Return whether `user` may delete a row.

    Parts and citations by whoever may change their record. A record only by those who withdraw,
    and only if it was never public: otherwise withdrawing leaves the note that its readers need.
    """
    owner = owner_of(row)
    if owner != row:
        return may_change(user, row)
    if isinstance(row, Record):
        revisions = Revision.objects.of(row).exclude(shown=Revision.Shown.NOTHING)
        was_public = row.state in {State.PUBLISHED, State.WITHDRAWN} or revisions.exists()
        return may(user, "withdraw") and not was_public
    return may(user, "withdraw")


def may_move(user, record, state):
    """Return whether `user` may bring `record` from its present state to `state`."""
    if record.state == state:
        return may_change(user, record)
    permission = MOVES.get((record.state, state))
    return permission is not None and may(user, permission)


def reachable_states(user, record):
    """Return the states to which `user` may bring `record`, its present one included."""
    return [state for state in State if state == record.state or may_move(user, record, state)]


def _is_vocabulary(model):
    return not issubclass(model, (Cited, Citation, Source))
