"""The identity provider as its routes see it: people, clients, logins and grants of one sandbox."""

from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from diary_sandbox.faults import FaultKind
from diary_sandbox.mesh.keys import SigningKey, signing_key
from diary_sandbox.mesh.sudir.clients import WEB_CLIENT_ID, Client, Clients
from diary_sandbox.mesh.sudir.grants import Grants
from diary_sandbox.mesh.sudir.logins import SSO_LIFE, AuthorizeRequest, Logins, PendingLogin
from diary_sandbox.state import SandboxState, Store
from diary_sandbox.world import MOSCOW_HOST, Login, LoginKind

LOGIN_COOKIE = "blitz_login"
DEVICE_COOKIE = "blitz_device"
SSO_COOKIE = "Ltpatoken2"
DEVICE_LIFE_S = 180 * 24 * 3600

SCOPES = frozenset(
    (
        "openid",
        "profile",
        "birthday",
        "contacts",
        "snils",
        "blitz_change_password",
        "blitz_user_rights",
        "blitz_qr_auth",
    )
)


class Provider:
    """What every route of login.mos.ru shares.

    Attributes:
        host: The emulated host name, by which faults are asked for.
        initial_token: The bearer an app needs to register itself; None takes any.
    """

    def __init__(self, state: SandboxState, host: str, initial_token: str | None) -> None:
        self.state = state
        self.host = host
        self.initial_token = initial_token
        self.clients = Clients(state.store)
        self.logins = Logins(state.store)
        self.grants = Grants(state.store)

    @property
    def store(self) -> Store:
        """Return where secrets come from."""
        return self.state.store

    @property
    def key(self) -> SigningKey:
        """Return the key id tokens are signed with."""
        return signing_key(self.state.store, self.host)

    def now(self) -> datetime:
        """Return the time by the sandbox clock."""
        return self.state.clock.now()

    def client(self, client_id: str) -> Client | None:
        """Return a registered app, or the web diary, which was always there."""
        if client_id != WEB_CLIENT_ID:
            return self.clients.find(client_id)
        homes = {
            f"https://{MOSCOW_HOST}",
            self.state.hosts.get(f"https://{MOSCOW_HOST}", f"https://{MOSCOW_HOST}"),
        }
        return Client(WEB_CLIENT_ID, "", tuple(f"{home}/v3/auth/sudir/callback" for home in sorted(homes)))

    def find_login(self, username: str) -> Login | None:
        """Find a city account by what was typed: login name, e-mail, phone or СНИЛС."""
        return self.state.world.login(LoginKind.MOS_RU, username.strip()) if username.strip() else None

    def login_of(self, pending: PendingLogin) -> Login:
        """Return whose login it is, once that is known.

        Raises:
            LookupError: The login has not come so far, or its person left the town.
        """
        if pending.parent_id is None:
            raise LookupError("the login has no person yet")
        logins = self.state.world.parent(pending.parent_id).logins
        return next(login for login in logins if login.kind is LoginKind.MOS_RU)

    def pending(self, request: Request) -> PendingLogin | None:
        """Return the login this browser is in the middle of."""
        return self.logins.find(request.cookies.get(LOGIN_COOKIE), self.now())

    def needs_code(self, request: Request, login: Login) -> bool:
        """Tell whether a one-time code is due: the browser is new to the account, or a fault asks for it."""
        if self.state.faults.asked(FaultKind.SECOND_FACTOR, self.host, login.username):
            return True
        device = request.cookies.get(DEVICE_COOKIE)
        return login.second_factor and not self.logins.is_trusted(device, login.parent_id)

    def end(self, pending: PendingLogin) -> str:
        """End a login and return the authorization code it earned."""
        self.logins.drop(pending)
        return self.code_for(pending.request, self.login_of(pending).parent_id)

    def code_for(self, asked: AuthorizeRequest, parent_id: int) -> str:
        """Return an authorization code for a person."""
        return self.grants.issue_code(
            client_id=asked.client_id,
            redirect_uri=asked.redirect_uri,
            parent_id=parent_id,
            scope=asked.scope,
            now=self.now(),
            challenge=asked.challenge,
            nonce=asked.nonce,
            offline=asked.offline,
        ).code

    def sign_in(self, response: Response, parent_id: int) -> None:
        """Give the browser a city session."""
        cookie = self.logins.open_session(parent_id, self.now())
        expires = str(int((self.now() + SSO_LIFE).timestamp()))
        response.set_cookie(SSO_COOKIE, cookie, max_age=int(SSO_LIFE.total_seconds()), httponly=True)
        response.set_cookie("Ltpaexpires", expires, max_age=int(SSO_LIFE.total_seconds()))
        response.delete_cookie(LOGIN_COOKIE)

    def trust(self, request: Request, response: Response, parent_id: int) -> None:
        """Let the browser in without a code from now on."""
        device = self.logins.trust(request.cookies.get(DEVICE_COOKIE), parent_id)
        response.set_cookie(DEVICE_COOKIE, device, max_age=DEVICE_LIFE_S, httponly=True)
