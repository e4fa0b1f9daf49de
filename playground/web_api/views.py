"""views.*: opening, stacking, changing modals and the Home tab.

Source: docs.slack.dev/reference/methods/views.open, views.push, views.update, views.publish.
"""

from playground import blockkit, files
from playground.core import ApiError
from playground.views import View
from playground.web_api.methods import Call, method
from playground.workspace import Json


@method("views.open")
def open_view(call: Call) -> Json:
    given = _given(call)
    _free_external_id(call, given)
    user = call.pg.exchange(call.text("trigger_id"))
    return _shown(call, call.pg.views.open(user, given))


@method("views.push")
def push(call: Call) -> Json:
    given = _given(call)
    _free_external_id(call, given)
    user = call.pg.exchange(call.text("trigger_id"))
    if not call.pg.views.stack(user):
        raise ApiError("not_found")
    pushed = call.pg.views.push(user, given)
    if pushed is None:
        raise ApiError("push_limit_reached")
    return _shown(call, pushed)


@method("views.update")
def update(call: Call) -> Json:
    given = _given(call)
    view_id, external_id = call.args.get("view_id"), call.args.get("external_id")
    if not view_id and not external_id:
        raise ApiError("invalid_arguments", "[ERROR] missing required field: view_id")
    view = call.pg.views.find(view_id, external_id)
    if view is None:
        raise ApiError("not_found")
    if view.type != given["type"]:
        raise ApiError("invalid_arguments", "[ERROR] a view cannot change its type")
    _free_external_id(call, given, except_for=view.id)
    _check_hash(call, view)
    call.pg.views.update(view, given)
    return _shown(call, view)


@method("views.publish")
def publish(call: Call) -> Json:
    given = _given(call, "home")
    person = call.pg.person(call.text("user_id"))
    if person is None or person.deleted or person.is_bot:
        raise ApiError("invalid_arguments", "[ERROR] invalid `user_id` [json-pointer:/user_id]")
    if not call.pg.app.home_tab:
        raise ApiError("not_enabled")
    _check_hash(call, call.pg.views.homes.get(person.id))
    view = call.pg.views.publish(person.id, given)
    call.pg.changed("home")
    return {"view": call.pg.views.as_api(view)}


def _given(call: Call, surface: blockkit.Surface = "modal") -> Json:
    """The view to show, checked. Raises ApiError naming what is wrong."""
    given = call.structure("view", "invalid_arguments")
    if given is None:
        raise ApiError("invalid_arguments", "[ERROR] missing required field: view")
    if isinstance(given, dict) and given.get("type") == "home" and call.method == "views.update":
        surface = "home"
    found = blockkit.problems(surface, given)
    if isinstance(given, dict):
        found += files.problems(call.pg, given.get("blocks"), "/view/blocks")
    if found:
        raise ApiError(blockkit.error_code(surface, found), *found)
    checked: Json = given
    return checked


def _free_external_id(call: Call, given: Json, except_for: str | None = None) -> None:
    if call.pg.views.is_taken(given.get("external_id"), except_for):
        raise ApiError("duplicate_external_id")


def _check_hash(call: Call, view: View | None) -> None:
    wanted = call.args.get("hash")
    if wanted and (view is None or view.hash != wanted):
        raise ApiError("hash_conflict")


def _shown(call: Call, view: View) -> Json:
    call.pg.changed("views")
    return {"view": call.pg.views.as_api(view)}
