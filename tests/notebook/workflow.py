"""The cells of a small workflow: a folder of uploads becomes a gallery of thumbnails.

Each rule prints its name when it runs.
"""

TYPES = """
from dataclasses import dataclass
from wfnb import Get, MultiGet, arequest, request, rule, current_engine

@dataclass(frozen=True)
class Folder:
    path: str

@dataclass(frozen=True)
class Upload:
    name: str

@dataclass(frozen=True)
class Uploads:
    all: tuple[Upload, ...]

@dataclass(frozen=True)
class Thumbnail:
    text: str

@dataclass(frozen=True)
class Gallery:
    thumbs: tuple[str, ...]
""".lstrip()

RULES = """%%rule
@rule
def find_uploads(folder: Folder) -> Uploads:
    print("find_uploads")
    return Uploads(tuple(Upload(f"{folder.path}/{n}") for n in "ab"))

@rule
def make_thumbnail(upload: Upload) -> Thumbnail:
    print("make_thumbnail")
    return Thumbnail(shrink(upload.name))

@rule
async def make_gallery(folder: Folder) -> Gallery:
    print("make_gallery")
    uploads = await Get(Uploads, Folder, folder)
    thumbs = await MultiGet(Get(Thumbnail, Upload, u) for u in uploads.all)
    return Gallery(tuple(t.text for t in thumbs))
"""
HELPER = "def shrink(name):\n    return name.upper()"
ASK = "print(*request(Gallery, Folder('p')).thumbs)"
