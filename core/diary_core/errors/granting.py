"""Errors of what a parent lets a trusted person see."""

from __future__ import annotations

from diary_core.bilingual import Bilingual
from diary_core.errors.asking import NotFound
from diary_core.errors.door import OurDoor


class GrantUnknown(NotFound):
    """This account has given, or been given, no such grant."""

    code = "grant_unknown"
    title = Bilingual("Такого доступа нет", "No such grant")
    remedy = Bilingual(
        "Выданные вами: GET /v1/children/{child_id}/grants, полученные: GET /v1/me/grants.",
        "Those you gave: GET /v1/children/{child_id}/grants, those you were given: GET /v1/me/grants.",
    )


class InvitationRefused(OurDoor):
    """The link or the code does not fit, or the invitation is over; which of them is not told."""

    code = "invitation_refused"
    title = Bilingual("Приглашение не подошло", "The invitation was refused")
    remedy = Bilingual(
        "Проверьте ссылку и код; если не выходит, попросите новое приглашение.",
        "Check the link and the code; if they do not work, ask for a new invitation.",
    )


class OwnInvitation(OurDoor):
    """The parent tries to accept an invitation to their own child."""

    code = "own_invitation"
    title = Bilingual("Это ваше собственное приглашение", "This invitation is your own")
    remedy = Bilingual(
        "Отправьте ссылку доверенному лицу: приглашение принимают в своём аккаунте, не в вашем.",
        "Send the link to the trusted person: it is accepted in an account of their own.",
    )


class GrantWidened(OurDoor):
    """A grant was to be given more rights or a later end than its invitation was accepted with."""

    code = "grant_widened"
    title = Bilingual("Доступ можно только сузить", "A grant can only be narrowed")
    remedy = Bilingual(
        "Чтобы открыть больше или на больший срок, отправьте новое приглашение.",
        "To open more, or for longer, send a new invitation.",
    )


class RightMissing(OurDoor):
    """The child's parent has not opened this part of the diary to the trusted person."""

    code = "right_missing"
    title = Bilingual("Родитель не открыл вам этот раздел", "The parent has not granted you this")
    remedy = Bilingual(
        "Что вам открыто: GET /v1/me/grants; открыть больше может родитель новым приглашением.",
        "What you were granted: GET /v1/me/grants; the parent can open more by a new invitation.",
    )


class ParentMustAct(OurDoor):
    """The diary waits for the parent whose link a trusted person reads through."""

    code = "parent_must_act"
    title = Bilingual("Дневник ждёт родителя", "The diary waits for the parent")
    remedy = Bilingual(
        "Попросите родителя войти в дневник заново; ваш доступ остаётся.",
        "Ask the parent to sign in to the diary again; your access stays.",
    )
