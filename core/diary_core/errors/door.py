"""Errors of the gateway's own door."""

from __future__ import annotations

from diary_core.bilingual import Bilingual
from diary_core.errors.root import Actor, DiaryError, Retry


class OurDoor(DiaryError):
    """The gateway itself refuses."""

    actor = Actor.PARENT
    retry = Retry.AFTER_REMEDY


class NotSignedIn(OurDoor):
    """No session or token, or an expired or withdrawn one."""

    code = "not_signed_in"
    title = Bilingual("Вы не вошли", "You are not signed in")
    remedy = Bilingual(
        "Войдите и передайте токен в заголовке Authorization.",
        "Sign in and send the token in the Authorization header.",
    )


class WrongSignIn(OurDoor):
    """The gateway's own e-mail and password do not fit."""

    code = "wrong_sign_in"
    title = Bilingual("Неверная почта или пароль", "Wrong e-mail or password")
    remedy = Bilingual("Проверьте их и попробуйте ещё раз.", "Check them and try again.")


class ScopeMissing(OurDoor):
    """The token is good, but was not given this right."""

    code = "scope_missing"
    title = Bilingual("Токену не хватает права", "The token lacks a scope")
    remedy = Bilingual("Выпустите токен с нужным правом.", "Issue a token with the scope that is named.")


class TooManyRequests(OurDoor):
    """Too many calls at our own door."""

    code = "too_many_requests"
    title = Bilingual("Слишком много запросов", "Too many requests")
    remedy = Bilingual("Подождите столько, сколько сказано.", "Wait as long as the answer says.")
    retry = Retry.LATER


class GatewayBusy(OurDoor):
    """More is asked than the gateway can carry, or its database does not answer: it is held, full or gone."""

    code = "gateway_busy"
    title = Bilingual("Шлюз сейчас не справляется", "The gateway cannot keep up now")
    remedy = Bilingual(
        "Повторите через минуту; ничего из сделанного раньше не пропало.",
        "Try again in a minute; nothing done before is lost.",
    )
    actor = Actor.GATEWAY
    retry = Retry.LATER


class AccountExists(OurDoor):
    """An account with this e-mail is there already."""

    code = "account_exists"
    title = Bilingual("Такой аккаунт уже есть", "This account already exists")
    remedy = Bilingual("Войдите под этой почтой.", "Sign in with this e-mail.")


class Conflict(OurDoor):
    """The thing is not in the state this call needs."""

    code = "conflict"
    title = Bilingual("Сейчас это невозможно", "Not possible in this state")
    remedy = Bilingual("Обновите данные и попробуйте снова.", "Read the state again, then retry.")
