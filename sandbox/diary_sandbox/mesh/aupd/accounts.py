"""The account behind a sign-in, and what may keep its owner out of the diary."""

from dataclasses import dataclass

from diary_sandbox.faults import FaultKind
from diary_sandbox.mesh.node import Node
from diary_sandbox.world import Login, LoginState


@dataclass(frozen=True)
class Obstacle:
    """Why a person with a good identity gets no diary.

    Attributes:
        no_snils: The mos.ru account has no СНИЛС; otherwise no diary account answers to it.
        sentence: What a page tells the person.
    """

    no_snils: bool
    sentence: str


NO_ACCOUNT = Obstacle(
    no_snils=False,
    sentence="К сожалению, недостаточно данных для доступа к электронному дневнику.",
)
NO_SNILS = Obstacle(no_snils=True, sentence="Заявление не может быть подано: в учётной записи нет СНИЛС.")


def account(node: Node, parent_id: int) -> Login:
    """Return the login of an adult at this node.

    Raises:
        LookupError: The adult has none here.
    """
    for login in node.state.world.parent(parent_id).logins:
        if login.kind is node.login_kind:
            return login
    raise LookupError(f"parent {parent_id} has no login at {node.host}")


def obstacle(node: Node, login: Login) -> Obstacle | None:
    """Return what keeps a person out of the diary, by their record or by a fault that was asked for."""
    asked = node.state.faults.asked
    if login.state is LoginState.NO_SNILS or asked(FaultKind.NO_SNILS, node.host, login.username):
        return NO_SNILS
    if login.state is LoginState.NO_DIARY or asked(FaultKind.NOT_LINKED, node.host, login.username):
        return NO_ACCOUNT
    return None


def has_profile(login: Login) -> bool:
    """Say whether the school's record agrees with the account; if not, the account has no profile."""
    return login.state is not LoginState.NOT_MATCHED
