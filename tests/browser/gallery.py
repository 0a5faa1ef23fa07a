"""The cells of a workflow for tests of the JupyterLab extension: photos become a gallery."""

LOAD = "%load_ext wfnb\nimport time\nfrom dataclasses import dataclass\nfrom wfnb import *"
TYPES = '''@dataclass(frozen=True)
class Folder:
    """Where photos are."""
    path: str
@dataclass(frozen=True)
class Photo:
    name: str
@dataclass(frozen=True)
class Thumb:
    text: str
@dataclass(frozen=True)
class Gallery:
    thumbs: tuple
@dataclass(frozen=True)
class Size:
    px: int'''
THUMB = """%%rule -q
@rule
def make_thumb(photo: Photo) -> Thumb:
    return Thumb(photo.name)"""
GALLERY = """@rule
async def make_gallery(folder: Folder) -> Gallery:
    photos = [Photo(name) for name in folder.path]
    thumbs = await MultiGet(Get(Thumb, Photo, photo) for photo in photos)
    return Gallery(thumbs)"""
BROKEN = """@rule
async def measure(photo: Photo) -> int:
    size = await Get(Size, Photo, photo)
    return size.px"""
ASK = "len(request(Gallery, Folder('abc')).thumbs)"
CELLS = [LOAD, TYPES, THUMB, GALLERY, ASK]
