"""Errors of what a parent has to choose first."""

from __future__ import annotations

from diary_core.bilingual import Bilingual
from diary_core.errors.door import OurDoor


class ClassStandingOff(OurDoor):
    """The comparison with the class is off until the child's parent turns it on."""

    code = "class_standing_off"
    title = Bilingual("Сравнение с классом выключено", "The comparison with the class is off")
    remedy = Bilingual(
        'Включить для этого ребёнка: PUT /v1/children/{child_id}/class-standing с телом {"shown": true}.',
        'Turn it on for this child: PUT /v1/children/{child_id}/class-standing with {"shown": true}.',
    )
