"""Homework: lists, the done flag, launching a task, downloading a file."""

from urllib.parse import quote

from starlette.responses import PlainTextResponse, RedirectResponse, Response

from diary_sandbox.mesh.aupd.refusals import not_found
from diary_sandbox.mesh.calls import Call, Refusal, answer, as_number
from diary_sandbox.mesh.wire import homework as homework_wire
from diary_sandbox.mesh.wire.ids import student_id, task_and_child
from diary_sandbox.world import DigitalMaterial, HomeworkTask


def homeworks(call: Call) -> Response:
    """`GET fm/homeworks`."""
    child = call.child()
    since, until = call.span()
    return answer(homework_wire.homeworks(call.world, child, since, until, call.node.address))


def short(call: Call) -> Response:
    """`GET fm/homeworks/short[?subject_id&page&per_page]`: all at once, or pages that count from 1."""
    child = call.child()
    since, until = call.span()
    query = call.request.query_params
    subject_id = call.number("subject_id") if "subject_id" in query else None
    entries = homework_wire.short(call.world, child, since, until, subject_id)
    if "per_page" in query:
        size, page = call.number("per_page"), call.number("page") if "page" in query else 1
        entries = entries[(page - 1) * size : page * size] if page else []
    return answer({"payload": entries})


def tick(call: Call) -> Response:
    """`POST` or `PUT fm/homeworks/{homework_entry_student_id}/done`."""
    return _set_done(call, done=True)


def untick(call: Call) -> Response:
    """`DELETE fm/homeworks/{homework_entry_student_id}/done`."""
    return _set_done(call, done=False)


def launch(call: Call) -> Response:
    """`GET /api/ej/partners/v1/homeworks/launch`: move on to the task, or tell its address as text."""
    entry_id, material_id = call.number("homework_entry_id"), call.number("material_id")
    for child in call.children():
        material = _material(call, entry_id, child.id, material_id)
        if material is not None:
            if material_id % 3 == 0:
                return PlainTextResponse(f'"{material.url}"')
            return RedirectResponse(material.url, status_code=302)
    raise Refusal(not_found("Материал не найден"))


def file(call: Call) -> Response:
    """`GET /api/ej/attachments/v1/files/{id}`: the bytes of a file."""
    number = as_number(call.request.path_params["id"], "id")
    try:
        attachment, content = call.world.attachment_bytes(number)
    except KeyError as error:
        raise Refusal(not_found("Файл не найден")) from error
    disposition = f"attachment; filename*=UTF-8''{quote(attachment.name)}"
    return Response(content, media_type=attachment.content_type, headers={"Content-Disposition": disposition})


def _set_done(call: Call, *, done: bool) -> Response:
    task_id, child_id = task_and_child(as_number(call.request.path_params["id"], "id"))
    child = call.own(student_id(child_id))
    try:
        call.world.tick_homework(child.id, task_id, done=done)
    except KeyError as error:
        raise Refusal(not_found("Задание не найдено")) from error
    return answer({"success": True})


def _material(call: Call, task_id: int, child_id: int, material_id: int) -> DigitalMaterial | None:
    try:
        task: HomeworkTask = call.world.task(task_id, child_id)
    except KeyError:
        return None
    return next((material for material in task.materials if material.id == material_id), None)
