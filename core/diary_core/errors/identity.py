"""Errors of the services that tell who a parent is."""

from __future__ import annotations

from diary_core.bilingual import Bilingual
from diary_core.errors.reading import TellUs, TryLater
from diary_core.errors.root import Actor
from diary_core.errors.signing_in import SignInFailed


class IdentityUnproven(SignInFailed):
    """What came back is not provably from the identity service, or not meant for us."""

    code = "identity_unproven"
    title = Bilingual("Ответ Госуслуг не прошёл проверку", "The answer of Gosuslugi failed its checks")
    remedy = Bilingual(
        "Начните вход заново на нашем сайте; если повторится, сообщите нам код ошибки и время.",
        "Start again from our own site; if it happens again, report the error code and the time to us.",
    )
    actor = Actor.GATEWAY


class IdentityTaken(SignInFailed):
    """The person owns another account of the gateway."""

    code = "identity_taken"
    title = Bilingual(
        "Эти Госуслуги уже связаны с другим аккаунтом", "This person already owns another account"
    )
    remedy = Bilingual(
        "Войдите через Госуслуги в тот аккаунт или удалите в нём подтверждение личности.",
        "Sign in to that account with Gosuslugi, or remove the identity there.",
    )


class IdentityNotPersonal(SignInFailed):
    """Somebody has signed in to the identity service for an organisation, not for themselves."""

    code = "identity_not_personal"
    title = Bilingual("На Госуслуги вошли не как частное лицо", "Gosuslugi was entered for an organisation")
    remedy = Bilingual(
        "Начните вход заново и на Госуслугах выберите «Частное лицо», а не организацию.",
        "Start again and choose the private person at Gosuslugi, not the organisation.",
    )


class SecondFactorMissing(SignInFailed):
    """The identity service demands a second factor, and the person has set up none."""

    code = "second_factor_missing"
    title = Bilingual(
        "На Госуслугах не включено подтверждение входа", "Gosuslugi has no second factor for this account"
    )
    remedy = Bilingual(
        "Включите вход с подтверждением в настройках безопасности Госуслуг и начните заново.",
        "Turn on sign-in confirmation in the security settings of Gosuslugi and start again.",
    )


class IdentityServiceDown(TryLater):
    """The identity service does not answer, answers too late, or says it is in trouble."""

    code = "identity_service_down"
    title = Bilingual("Госуслуги не отвечают", "Gosuslugi does not answer")
    remedy = Bilingual(
        "Попробуйте через несколько минут или войдите другим способом; ничего не потеряно.",
        "Try again in a few minutes or sign in another way; nothing is lost.",
    )


class IdentityServiceChanged(TellUs):
    """The identity service says something we do not understand; `field` is the path that broke."""

    code = "identity_service_changed"
    title = Bilingual("Госуслуги ответили не так, как мы ждали", "Gosuslugi has changed")
    remedy = Bilingual(
        "Сообщите нам код ошибки и время, а пока войдите другим способом; ничего не потеряно.",
        "Report the error code and the time to us, and sign in another way meanwhile; nothing is lost.",
    )
