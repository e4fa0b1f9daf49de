"""files.*: what a file is.

Source: docs.slack.dev/reference/methods/files.info.
"""

from playground import files
from playground.web_api.methods import Call, method
from playground.workspace import Json


@method("files.info", "files:read")
def info(call: Call) -> Json:
    file = files.find(call.pg, call.text("file"))
    shown = files.as_api(call.pg, file)
    rooms = [call.pg.workspace.channels[channel] for channel in file.channels]
    shown["channels"] = [room.id for room in rooms if room.kind == "public"]
    shown["groups"] = [room.id for room in rooms if room.kind == "private"]
    shown["ims"] = [room.id for room in rooms if room.kind == "im"]
    return {"file": shown}
