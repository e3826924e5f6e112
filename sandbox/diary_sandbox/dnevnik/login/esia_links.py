"""Which accounts of this system belong to a person proven by Gosuslugi."""

from diary_sandbox.dnevnik.hosts import LOGIN_HOST
from diary_sandbox.esia.accounts import Account, same_name
from diary_sandbox.faults import FaultKind
from diary_sandbox.state import SandboxState
from diary_sandbox.world import LoginKind, LoginState, Parent


class EsiaLinks:
    """Links made by СНИЛС and name by themselves, and those a login and a password made."""

    def __init__(self, state: SandboxState) -> None:
        """Use a sandbox's store."""
        self._state = state
        self._made = state.store.bucket("dnevnik.esia_links", tuple[int, ...])

    def of(self, account: Account) -> tuple[int, ...]:
        """Return the ids of a person's accounts here, in order; empty when nothing agrees."""
        made = self._made.get(str(account.oid), ())
        return tuple(sorted({*made, *(parent.id for parent in self._matching(account))}))

    def make(self, account_oid: int, parent_id: int) -> None:
        """Link an account to a person for good."""
        key = str(account_oid)
        self._made[key] = (*self._made.get(key, ()), parent_id)

    def has_snils(self, account: Account) -> bool:
        """Say whether the person's page at Gosuslugi has a СНИЛС."""
        hidden = self._state.faults.asked(FaultKind.NO_SNILS, LOGIN_HOST, account.username)
        return account.person.snils is not None and not hidden

    def _matching(self, account: Account) -> list[Parent]:
        snils = account.person.snils
        if snils is None or not self.has_snils(account):
            return []
        return [
            parent
            for parent in self._state.world.parents_by_snils(snils)
            if same_name(parent.person.name, account.name) and _is_open(parent)
        ]


def _is_open(parent: Parent) -> bool:
    logins = (login for login in parent.logins if login.kind is LoginKind.DNEVNIK)
    return any(login.state is not LoginState.LOCKED for login in logins)
